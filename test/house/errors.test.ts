// Every code that evplat can give has a case in which the real program gives it, compared whole.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { errorKinds } from '../../src/core/error-codes.ts'
import { findingKinds } from '../../src/core/finding-codes.ts'

const folders = ['test/docker', 'test/program', 'test/hostile', 'test/kafka', 'test/scenarios', 'test/tour']

function textsIn(folder: string, suffix: string): string[] {
  let names: string[] = []
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    // a suite that is not there has no cases
  }
  return names.filter((name) => name.endsWith(suffix)).map((name) => readFileSync(join(folder, name), 'utf8'))
}

const cases = folders.flatMap((folder) => textsIn(folder, '.ts'))
// the goldens of verify are whole outputs
const units = [...textsIn('src', '.test.ts'), ...textsIn('src/verify/golden', '.txtar')]

/** Codes as they are told: `error[CODE]: ...`, `warning[CODE]: ...`, and in JSON. */
function told(texts: readonly string[], severities: string): Set<string> {
  const patterns = [`\\b(?:${severities})\\\\?\\[([a-z-]+)\\\\?\\]`, `"?\\bcode\\\\?"?: ?\\\\?['"]([a-z-]+)\\\\?['"]`]
  return new Set(
    patterns.flatMap((pattern) =>
      texts.flatMap((text) => [...text.matchAll(new RegExp(pattern, 'g'))].map(([, code]) => code!)),
    ),
  )
}

describe('the cases of bad input', () => {
  test('provoke every error code', () => {
    const provoked = told(cases, 'error')
    expect(Object.keys(errorKinds).filter((code) => !provoked.has(code))).toEqual([])
  })

  test('provoke every kind of finding, in whole programs or beside the code that finds it', () => {
    const quoted = new Set(
      units.flatMap((text) => [...text.matchAll(/['"`[]([a-z-]+)[\]'"`]/g)].map(([, word]) => word!)),
    )
    const provoked = told(cases, 'error|warning|info')
    expect(Object.keys(findingKinds).filter((code) => !provoked.has(code) && !quoted.has(code))).toEqual([])
  })

  test('name no code that there is not', () => {
    const known = new Set([...Object.keys(errorKinds), ...Object.keys(findingKinds)])
    const named = cases.flatMap((text) =>
      [...text.matchAll(/^\s*\|? ?(?:error|warning|info)\[([a-z-]+)\]: /gm)].map(([, code]) => code!),
    )
    expect([...new Set(named)].filter((code) => !known.has(code))).toEqual([])
  })
})
