// Edits of platform.yaml: what stood there stays, and the new entry is read where it belongs.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { addEntry, addItem } from './insert.ts'

const edited = (result: ReturnType<typeof addEntry>): string => {
  if (typeof result !== 'string') throw new Error(result.problem)
  return result
}
const topic = (text: string): string => edited(addEntry(text, ['topics', 'new.one'], '{ value: json }'))

describe('an entry goes behind the last one of its map', () => {
  test.each([
    [
      'a block',
      'topics:\n  a: { value: json } # of a\n\n# next\nowns: {}\n',
      'topics:\n  a: { value: json } # of a\n  new.one: { value: json }\n\n# next\nowns: {}\n',
    ],
    [
      'nested blocks',
      'topics:\n    a:\n        key: string # k\n    # after\nx: 1\n',
      'topics:\n    a:\n        key: string # k\n    new.one: { value: json }\n    # after\nx: 1\n',
    ],
    [
      'a topic without a value',
      'topics:\n  a: # nothing\n  b:\nx: 1\n',
      'topics:\n  a: # nothing\n  b:\n  new.one: { value: json }\nx: 1\n',
    ],
    ['braces', 'topics: { a: { key: json } }\n', 'topics: { a: { key: json }, new.one: { value: json } }\n'],
    ['empty braces', 'topics: {} # none\n', 'topics: { new.one: { value: json } } # none\n'],
    ['nothing', 'topics: # none yet\nx: 1\n', 'topics: # none yet\n  new.one: { value: json }\nx: 1\n'],
    ['null', 'topics: null\nx: 1\n', 'topics: \n  new.one: { value: json }\nx: 1\n'],
    ['no map at all', 'x: 1 # one', 'x: 1 # one\n\ntopics:\n  new.one: { value: json }\n'],
    ['Windows lines', 'topics:\r\n  a: {}\r\nx: 1\r\n', 'topics:\r\n  a: {}\r\n  new.one: { value: json }\r\nx: 1\r\n'],
    ['a file in braces', '{ x: 1 }\n', '{ x: 1, topics: { new.one: { value: json } } }\n'],
    [
      'variables in braces',
      'x: { u: ${A:-b}, p: ${C} }\ntopics: { a: { owner: ${O} } }\n',
      'x: { u: ${A:-b}, p: ${C} }\ntopics: { a: { owner: ${O} }, new.one: { value: json } }\n',
    ],
  ])('%s', (_, before, after) => {
    expect(topic(before)).toBe(after)
  })

  test('what is no plain map is told, not guessed', () => {
    expect(addEntry('a: &x { b: {} }\ntopics: *x\n', ['topics', 't'], '{}')).toEqual({
      problem: '"topics" is not a plain map',
    })
  })
})

describe('an item goes to the end of its list', () => {
  const consumes = (text: string): string => edited(addItem(text, ['services', 's', 'consumes'], 'new.one'))
  test.each([
    [
      'brackets',
      'services:\n  s: { consumes: [a], port: 1 }\n',
      'services:\n  s: { consumes: [a, new.one], port: 1 }\n',
    ],
    ['empty brackets', 'services:\n  s:\n    consumes: [] # c\n', 'services:\n  s:\n    consumes: [new.one] # c\n'],
    [
      'dashes',
      'services:\n  s:\n    consumes:\n      - a # a\n    port: 1\n',
      'services:\n  s:\n    consumes:\n      - a # a\n      - new.one\n    port: 1\n',
    ],
    [
      'no list',
      'services:\n  s:\n    port: 1 # p\n  t: {}\n',
      'services:\n  s:\n    port: 1 # p\n    consumes: [new.one]\n  t: {}\n',
    ],
    ['no list in braces', 'services: { s: {} }\n', 'services: { s: { consumes: [new.one] } }\n'],
    ['an empty service', 'services:\n  s:\n  t: {}\n', 'services:\n  s:\n    consumes: [new.one]\n  t: {}\n'],
    ['an empty service in braces', 'services: { s, t: {} }\n', 'services: { s: { consumes: [new.one] }, t: {} }\n'],
    [
      'an empty list',
      'services:\n  s:\n    consumes: # c\n    port: 1\n',
      'services:\n  s:\n    consumes: [new.one] # c\n    port: 1\n',
    ],
  ])('%s', (_, before, after) => {
    expect(consumes(before)).toBe(after)
  })
})

test('whatever the comments and the order, every old line is still there, in its order, and the entry is read', () => {
  const comment = fc.constantFrom('', ' # said', ' # a: { b }')
  const entry = fc.tuple(fc.constantFrom('{ value: json }', '', '{}', '\n    key: string\n    value: json'), comment)
  const gap = fc.constantFrom('', '\n', '# between\n', '  # indented\n', '\n# a\n\n')
  const section = fc.record({ comment, entries: fc.array(fc.tuple(entry, gap), { maxLength: 4 }) })
  const textOf = (
    names: readonly string[],
    sections: readonly { comment: string; entries: readonly (readonly [readonly [string, string], string])[] }[],
    gaps: readonly string[],
  ): string =>
    names
      .map((name, i) => {
        const { comment: said, entries } = sections[i]!
        const lines = entries.map(([[value, about], after], n) => `  t${n}: ${value}${about}\n${after}`)
        return `${gaps[i]}${name}:${said}\n${lines.join('')}`
      })
      .join('')
  const names = fc.shuffledSubarray(['topics', 'services', 'owns', 'name'], { minLength: 1 })
  fc.assert(
    fc.property(
      names,
      fc.array(section, { minLength: 4, maxLength: 4 }),
      fc.array(gap, { minLength: 4, maxLength: 4 }),
      (keys, sections, gaps) => {
        const before = textOf(keys, sections, gaps)
        const after = topic(before)
        let at = 0
        for (const line of before.split('\n')) {
          const found = after.split('\n').indexOf(line, at)
          expect(found, `${line}\n---\n${after}`).toBeGreaterThanOrEqual(at)
          at = found + 1
        }
        const expected = parse(before) as Record<string, object | null>
        expect(parse(after)).toEqual({ ...expected, topics: { ...expected['topics'], 'new.one': { value: 'json' } } })
      },
    ),
    { numRuns: 500 },
  )
})
