import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom, sampleOf } from '../../test/support/avro-generator.ts'
import { type Json, nestingLimit, parseJson, stringifyJson } from '../core/json.ts'
import { createDecoder } from './decode.ts'
import { createEncoder } from './encode.ts'
import { exampleValue } from './example.ts'
import type { ValueForm } from './leaf-form.ts'
import { parseSchema } from './parse.ts'
import type { Schema } from './schema.ts'
import { AvroValueError } from './value-error.ts'

const parse = (schema: unknown): Schema => parseSchema(JSON.stringify(schema))
const record = (...fields: unknown[]): object => ({ type: 'record', name: 'shop.Order', fields })
const seeds = fc.nat({ max: 2 ** 31 })

function problem(schema: unknown, text: string, form: ValueForm = 'plain'): string {
  try {
    createEncoder(parse(schema), form)(parseJson(text))
  } catch (thrown) {
    if (thrown instanceof AvroValueError) return thrown.message
    throw thrown
  }
  return 'none'
}

describe('values of generated schemas', () => {
  test('go to Avro and back, in both forms, and the forms mean the same', () =>
    fc.assert(
      fc.property(seeds, (seed) => {
        const sample = sampleOf(seed)
        const schema = parse(sample.schema)
        for (const { plain, avro } of sample.values) {
          const bytes = createEncoder(schema)(plain)
          expect(createEncoder(schema, 'avro')(avro)).toEqual(bytes)
          const bare = createDecoder(schema)(bytes)
          expect(createEncoder(schema)(bare)).toEqual(bytes)
          expect(createEncoder(schema)(parseJson(stringifyJson(bare)))).toEqual(bytes)
          expect(createEncoder(schema, 'avro')(createDecoder(schema, 'avro')(bytes))).toEqual(bytes)
        }
      }),
    ))

  test('an example of any schema is a value of it', () =>
    fc.assert(
      fc.property(seeds, (seed) => {
        const schema = parse(sampleOf(seed).schema)
        const example = exampleValue(schema)
        expect(createDecoder(schema)(createEncoder(schema)(example))).toStrictEqual(example)
      }),
    ))

  test('damaged and random bytes are refused or read, and nothing else', () =>
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 60 }), fc.nat(), (seed, noise, cut) => {
        const sample = sampleOf(seed, 1)
        const schema = parse(sample.schema)
        const good = createEncoder(schema)(sample.values[0]!.plain)
        const random = createRandom(seed)
        const flipped = good.map((byte) => (random(8) === 0 ? byte ^ (1 << random(8)) : byte))
        const other = parse(sampleOf(seed + 1).schema)
        for (const bytes of [Buffer.from(noise), good.subarray(0, cut % (good.length + 1)), Buffer.from(flipped)])
          for (const form of ['plain', 'avro'] as const)
            for (const reader of [schema, other])
              try {
                createDecoder(schema, form, reader)(bytes)
              } catch (thrown) {
                expect(thrown).toBeInstanceOf(AvroValueError)
              }
      }),
    ))

  test('random JSON is refused or written, and nothing else', () =>
    fc.assert(
      fc.property(seeds, fc.jsonValue(), fc.nat(), (seed, noise, place) => {
        const sample = sampleOf(seed, 1)
        const schema = parse(sample.schema)
        const replaced = replacedAt(sample.values[0]!.plain, createRandom(place), noise as Json)
        for (const value of [noise as Json, replaced])
          for (const form of ['plain', 'avro'] as const)
            try {
              createEncoder(schema, form)(value)
            } catch (thrown) {
              expect(thrown).toBeInstanceOf(AvroValueError)
            }
      }),
    ))
})

/** The value with one of its parts replaced. */
function replacedAt(value: Json, random: (below: number) => number, part: Json): Json {
  if (typeof value !== 'object' || value === null || random(4) === 0) return part
  const entries = Object.entries(value)
  const at = random(entries.length)
  const changed = entries.map(([key, each], index) => [key, index === at ? replacedAt(each, random, part) : each])
  return Array.isArray(value) ? changed.map(([, each]) => each as Json) : (Object.fromEntries(changed) as Json)
}

describe('what is wrong with a value is told with its path, what was expected and what came', () => {
  const order = record(
    { name: 'id', type: 'long' },
    {
      name: 'items',
      type: { type: 'array', items: { type: 'record', name: 'Item', fields: [{ name: 'price', type: 'int' }] } },
    },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] }, default: 'A' },
    { name: 'tags', type: { type: 'map', values: 'string' }, default: {} },
    {
      name: 'pay',
      type: ['null', { type: 'record', name: 'Card', fields: [{ name: 'no', type: 'string' }] }],
      default: null,
    },
  )

  test.each([
    [
      '{"id":1,"items":[{"price":1},{"price":"x"}]}',
      '$.items[1].price: expected int (a whole number of 32 bits), got "x"',
    ],
    [
      '{"id":1,"items":[{"price":2147483648}]}',
      '$.items[0].price: expected int (a whole number of 32 bits), got 2147483648',
    ],
    [
      '{"id":9223372036854775808,"items":[]}',
      '$.id: expected long (a whole number of 64 bits), got 9223372036854775808',
    ],
    ['{"id":1.5,"items":[]}', '$.id: expected long (a whole number of 64 bits), got 1.5'],
    ['{"items":[]}', '$.id: expected a value for the field, got none'],
    [
      '{"id":1,"items":[],"knd":"A"}',
      '$.knd: expected no field but those of "shop.Order", got "knd", did you mean "kind"?',
    ],
    ['{"id":1,"items":[{"price":1,"zzz":0}]}', '$.items[0].zzz: expected no field but those of "shop.Item", got "zzz"'],
    ['{"id":1,"items":[],"kind":"C"}', '$.kind: expected a symbol of "shop.Kind" (A, B), got "C"'],
    ['{"id":1,"items":[],"tags":{"a b":1}}', '$.tags["a b"]: expected string, got 1'],
    ['{"id":1,"items":{"price":1}}', '$.items: expected an array, got an object with "price"'],
    ['{"id":1,"items":[],"pay":7}', '$.pay: expected null or "shop.Card", got 7'],
    ['{"id":1,"items":[],"pay":{"no":5}}', '$.pay.no: expected string, got 5'],
    ['{"id":1,"items":[],"pay":{"shop.Card":{"no":5}}}', '$.pay["shop.Card"].no: expected string, got 5'],
    ['[]', '$: expected an object with the fields of "shop.Order", got an array of 0'],
  ])('%s', (text, message) => expect(problem(order, text)).toBe(message))

  test.each([
    [
      { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 },
      '"123.45"',
      'decimal of at most 4 digits, 2 of them',
    ],
    [
      { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 },
      '"1.234"',
      'decimal of at most 4 digits, 2 of them',
    ],
    [{ type: 'bytes', logicalType: 'decimal', precision: 30, scale: 20 }, '0.12345678901234567', 'decimal of at most'],
    [{ type: 'fixed', name: 'F', size: 4 }, '"AAAA"', '4 bytes in base64, got "AAAA"'],
    ['bytes', '"a b"', 'bytes in base64'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, '"2026-01-31T12:00:00"', 'time like 2026-01-31T12:00:00.000Z'],
    [
      { type: 'long', logicalType: 'local-timestamp-micros' },
      '"2026-01-31T12:00:00Z"',
      'time like 2026-01-31T12:00:00.000000,',
    ],
    [{ type: 'long', logicalType: 'timestamp-nanos' }, '"2300-01-01T00:00:00Z"', 'time like'],
    [{ type: 'int', logicalType: 'date' }, '"2026-02-30"', 'date like 2026-01-31'],
    [{ type: 'string', logicalType: 'uuid' }, '"x"', 'uuid like'],
    [{ type: 'fixed', name: 'D', size: 12, logicalType: 'duration' }, '"1 day"', 'duration like P1M2DT3.004S'],
    ['float', '1e39', 'expected float, got 1e+39'],
    ['double', '1e400', 'expected double, got Infinity'],
    ['string', '"\\ud800"', 'expected string'],
    [{ type: 'map', values: 'int' }, '{"\\ud800":1}', 'keys that are text'],
    [['int', 'string'], 'null', 'expected int or string, got null'],
    [
      [
        { type: 'enum', name: 'E', symbols: ['X'] },
        { type: 'enum', name: 'G', symbols: ['X'] },
      ],
      '"X"',
      'which may be several of them, name the branch as in {"G": ...}',
    ],
    [
      { type: 'enum', name: 'E', symbols: Array.from({ length: 99 }, (_, at) => `S${at}`) },
      '1',
      '(S0, S1, S2, S3, S4, S5, S6, S7, ...)',
    ],
    ['int', `"${'x'.repeat(100)}"`, `got "${'x'.repeat(39)}...`],
  ])('%j refuses %s', (schema, text, words) => expect(problem(schema, text)).toContain(words))

  test('the form of the specification wants every branch named and every field given', () => {
    expect(problem(['null', 'string'], '"x"', 'avro')).toBe('$: expected null or {"string": ...}, got "x"')
    expect(problem(['string'], '{"null":null}', 'avro')).toContain('expected {"string": ...}')
    expect(problem(record({ name: 'a', type: 'int', default: 1 }), '{}', 'avro')).toBe(
      '$.a: expected a value for the field, got none',
    )
  })
})

describe('fields with a default may be missing', () => {
  test.each([
    ['int', 7, '0e'],
    [['null', 'string'], null, '00'],
    [['null', 'string'], 'x', '020278'],
    [{ type: 'array', items: 'int' }, [1, 2], '04020400'],
    ['bytes', '\u00ff', '02ff'],
    [{ type: 'record', name: 'P', fields: [{ name: 'x', type: 'int', default: 3 }] }, {}, '06'],
    ['double', 'NaN', '000000000000f87f'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, 1, '02'],
  ])('%j with %j', (type, value, hex) => {
    const encode = createEncoder(parse(record({ name: 'a', type, default: value })))
    expect(encode({}).toString('hex')).toBe(hex)
  })

  test('a default that a registry let in and that is none is told when it is needed', () => {
    const schema = parseSchema(JSON.stringify(record({ name: 'a', type: 'int', default: 'x' })), { lenient: true })
    expect(createEncoder(schema)({ a: 1 })).toEqual(Buffer.from([2]))
    expect(() => createEncoder(schema)({})).toThrow('$.a: expected int (a whole number of 32 bits), got "x"')
  })
})

describe('limits of what bytes may claim', () => {
  const decode = (schema: unknown, hex: string): Json => createDecoder(parse(schema))(Buffer.from(hex, 'hex'))

  test.each<[unknown, string, string]>([
    ['int', '', '$: expected 1 byte at byte 0, got the end of the data'],
    ['int', '0202', '$: expected the end of the data, got 1 more bytes'],
    ['int', '8080808010', 'expected an int of 32 bits, got 2147483648'],
    ['long', 'ffffffffffffffffff02', 'expected a long of 64 bits'],
    ['long', '8080808080808080808000', 'expected a long of 64 bits'],
    ['boolean', '02', 'expected a boolean, got the byte 2'],
    ['string', '06c328', 'expected 3 bytes at byte 1, got 2 bytes'],
    ['string', '04c328', 'expected text in UTF-8'],
    ['string', '01', 'expected a number of bytes, got -1'],
    [['null'], '02', 'expected a branch of a union, got number 1 of 1'],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, '01', 'expected a symbol of "E", got number -1 of 1'],
    [{ type: 'array', items: 'string' }, 'feffffff0f', 'items, got 0 bytes'],
    [{ type: 'array', items: 'null' }, 'feffffffffffffffff01', 'values without bytes'],
    [{ type: 'array', items: { type: 'array', items: 'null' } }, '04feff7afeff7a00', 'values without bytes'],
    [{ type: 'map', values: 'null' }, 'feffffff0f', 'items, got 0 bytes'],
    [record({ name: 'a', type: { type: 'array', items: 'int' } }), '0402', '$.a: expected 2 items, got 1 bytes'],
  ])('%j from %s', (schema, hex, words) => expect(() => decode(schema, hex)).toThrow(words))

  test('blocks with a size are read, as are arrays in several blocks', () => {
    expect(decode({ type: 'array', items: 'int' }, '0304020404020600')).toEqual([1, 2, 1, 3])
    expect(decode({ type: 'map', values: 'int' }, '030c02610202620400')).toEqual({ a: 1, b: 2 })
  })

  test('nesting ends with the limit of JSON', () => {
    const list = parse({ type: 'record', name: 'L', fields: [{ name: 'n', type: ['null', 'L'] }] })
    const nested = (depth: number): Buffer => Buffer.from([...Array<number>(depth - 1).fill(2), 0])
    expect(createEncoder(list)(parseJson(stringifyJson(createDecoder(list)(nested(nestingLimit)))))).toEqual(
      nested(nestingLimit),
    )
    expect(() => createDecoder(list)(nested(nestingLimit + 1))).toThrow(AvroValueError)
    expect(() => createDecoder(list, 'plain', parse({ type: 'record', name: 'L', fields: [] }))(nested(2000))).toThrow(
      AvroValueError,
    )
    const endless = parse({ type: 'record', name: 'X', fields: [{ name: 'x', type: 'X' }] })
    expect(() => createDecoder(endless)(Buffer.alloc(0))).toThrow('at most 1000 levels')
    expect(exampleValue(endless)).toBeNull()
  })
})

describe('odd names', () => {
  test('fields and keys may be called like properties of objects', () => {
    const schema = parse(
      record(
        { name: '__proto__', type: 'int' },
        { name: 'constructor', type: ['null', 'string'], default: null },
        { name: 'm', type: { type: 'map', values: 'int' } },
      ),
    )
    const text = '{"__proto__":1,"constructor":null,"m":{"__proto__":2,"toString":3}}'
    const bytes = createEncoder(schema)(parseJson(text))
    expect(stringifyJson(createDecoder(schema)(bytes))).toBe(text)
    expect(createEncoder(schema)(parseJson('{"__proto__":1,"m":{}}')).toString('hex')).toBe('020000')
  })
})
