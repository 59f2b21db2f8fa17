import fc from 'fast-check'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Json } from '../../core/json.ts'
import { literal } from './literal.ts'

const evaluated = (text: string): unknown => structuredClone(runInNewContext(`(${text})`))

test('the text of a value is that value', () =>
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(evaluated(literal(value as Json))).toEqual(value)
    }),
  ))

const literals: readonly (readonly [Json, string])[] = [
  ['it\'s "so" \\ \n', String.raw`'it\'s "so" \\ \n'`],
  [2n ** 60n, '1152921504606846976n'],
  [-0, '-0'],
  [{}, '{}'],
  [[], '[]'],
  [{ 'a b': 1, ok: [null, true] }, "{ 'a b': 1, ok: [null, true] }"],
  [JSON.parse('{"__proto__":1}'), "{ ['__proto__']: 1 }"],
  [['x'.repeat(60), 'y'.repeat(60)], `[\n  '${'x'.repeat(60)}',\n  '${'y'.repeat(60)}',\n]`],
]

test('strings are quoted, keys only where they must be, and what is long has a line for each part', () => {
  for (const [value, text] of literals) expect(literal(value)).toBe(text)
})
