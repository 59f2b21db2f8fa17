// A linter over the command table: names, summaries, options and examples keep one style, and every example parses.
import { describe, expect, test } from 'vitest'
import { helpFor } from '../../src/cli/help.ts'
import { parse } from '../../src/cli/parse.ts'
import { commandTable } from '../../src/cli/table.ts'

const sharedShorts = new Map<string, string>()
for (const spec of commandTable)
  for (const [name, option] of Object.entries(spec.options))
    if (option.short) sharedShorts.set(option.short, sharedShorts.get(option.short) ?? name)

describe.each(commandTable.map((spec) => [spec.path, spec] as const))('%s', (_path, spec) => {
  test('is named in lower case words', () => expect(spec.path).toMatch(/^[a-z]+( [a-z]+)?$/))

  test('has a summary of 10 to 70 characters that starts small and has no full stop', () => {
    expect(spec.summary).toMatch(/^[a-z].*[^.]$/)
    expect(spec.summary.length).toBeGreaterThanOrEqual(10)
    expect(spec.summary.length).toBeLessThanOrEqual(70)
  })

  test('has kebab-case options, explained, with short forms that mean the same everywhere', () => {
    for (const [name, option] of Object.entries(spec.options)) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
      expect(option.about).toMatch(/^([a-z\d`]|Avro ).*[^.]$/)
      if (option.short !== undefined) expect([name, sharedShorts.get(option.short)]).toEqual([name, name])
      if (option.kind !== 'flag') expect(option.value).toMatch(/^[A-Z@]/)
    }
  })

  test('has examples, and they parse', () => {
    expect(spec.examples.length).toBeGreaterThan(0)
    for (const example of spec.examples) {
      const lines = example.split(/ [|>] /).filter((part) => part.startsWith('evplat '))
      const paths = lines.map((line) => {
        const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3]!)
        return parse(commandTable, words.slice(1)).spec.path
      })
      expect(paths).toContain(spec.path)
    }
  })

  test('stands on the first help page and has its own', () => {
    expect(helpFor(commandTable, [])).toContain(`  ${spec.path} `)
    expect(helpFor(commandTable, spec.path.split(' '))).toContain(`Usage: evplat ${spec.path}`)
  })

  test('is loaded from a file of its own', async () => expect(await spec.load()).toHaveProperty('run'))
})
