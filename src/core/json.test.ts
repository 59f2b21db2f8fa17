import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Json, JsonError, nestingLimit, parseJson, stringifyJson } from './json.ts'

/** Any JSON value, with whole numbers of any size in the form in which `parseJson` gives them. */
const anyJson: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double({ noNaN: true }).map((n) => (Number.isInteger(n) && !Number.isSafeInteger(n) ? 0.5 : n)),
    fc.bigInt().map((n) => (Number.isSafeInteger(Number(n)) ? Number(n) : n)),
    fc.array(tie('json')),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('json'), { noNullPrototype: true }),
  ),
})).json

function errorOf(text: string, uniqueKeys = false): unknown {
  try {
    return parseJson(text, { uniqueKeys })
  } catch (thrown) {
    return thrown
  }
}

describe('JSON', () => {
  test('what is written is read back, with every digit', () =>
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(parseJson(stringifyJson(value))).toStrictEqual(value)
      }),
    ))

  test('text without large numbers is read and written as JSON itself does', () =>
    fc.assert(
      fc.property(
        fc.json().filter((text) => !/\d{16}/.test(text)),
        (text) => {
          expect(parseJson(text)).toStrictEqual(JSON.parse(text))
          expect(parseJson(text, { uniqueKeys: true })).toStrictEqual(JSON.parse(text))
        },
      ),
    ))

  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['[1,9223372036854775807]', [1, 9223372036854775807n]],
    ['{"id": 12345678901234567890}', { id: 12345678901234567890n }],
    ['"1234567890123456789"', '1234567890123456789'],
    ['0.10000000000000000555', 0.1],
    ['1e3', 1000],
    ['12345678901234567.0', 12345678901234568],
    ['-0', -0],
    ['1e999', Infinity],
  ])('%s', (text, value) => expect(parseJson(text)).toStrictEqual(value))

  test('-0, infinities and bigints have a text, NaN has none', () => {
    expect(stringifyJson([-0, 0, Infinity, -Infinity, 2n ** 63n, 'x', null])).toBe(
      '[-0,0,1e999,-1e999,9223372036854775808,"x",null]',
    )
    expect(() => stringifyJson([NaN])).toThrow(TypeError)
  })

  test('a key called __proto__ is data', () => {
    for (const text of ['{"__proto__":{"a":1}}', '{"__proto__":{"a":1234567890123456789}}']) {
      const value = parseJson(text)
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      expect(stringifyJson(value)).toBe(text)
    }
  })

  test.each([
    ['', 1, 1, 'JSON value expected'],
    ['{"a":\n  1,\n  b: 2}', 3, 3, 'object key'],
    ['[1,2', 1, 5, 'end of array'],
    ['{"a":1} x', 1, 9, 'end of input'],
    ['[1234567890123456789,]', 1, 22, 'item'],
    ['"a\nb"', 1, 3, 'character'],
    ['nul', 1, 1, 'value'],
  ])('%j is refused at line %d, column %d', (text, line, column, words) => {
    const error = errorOf(text)
    expect(error).toBeInstanceOf(JsonError)
    expect(error).toMatchObject({ line, column, message: expect.stringMatching(new RegExp(words, 'i')) })
  })

  test('a whole number of more than a thousand digits is refused', () =>
    expect(errorOf(`[${'9'.repeat(1001)}]`)).toMatchObject({ message: expect.stringContaining('too long') }))

  test('a key that stands twice counts once, or is refused', () => {
    expect(parseJson('{"a":1,"a":2}')).toEqual({ a: 2 })
    expect(parseJson('{"a":1,"a":12345678901234567890}')).toEqual({ a: 12345678901234567890n })
    expect(errorOf('{"a":1,\n "a":2}', true)).toMatchObject({ line: 2, column: 2 })
  })

  test('nesting has a limit, brackets in texts do not count', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(stringifyJson(parseJson(nested(nestingLimit)))).toBe(nested(nestingLimit))
    expect(errorOf(nested(nestingLimit + 1))).toMatchObject({ column: nestingLimit + 1 })
    expect(errorOf('['.repeat(1_000_000))).toBeInstanceOf(JsonError)
    expect(parseJson(`["${'\\"['.repeat(3000)}"]`)).toEqual(['"['.repeat(3000)])
  })
})
