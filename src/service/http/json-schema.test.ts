// What the document promises of events, beside what the codec takes: ajv reads the one, the encoder judges the other.
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { createEncoder } from '../../avro/encode.ts'
import { parseSchema } from '../../avro/parse.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { type Definitions, jsonSchemaOf } from './json-schema.ts'

function schemaOf(avro: Json): { readonly schema: JsonObject; readonly definitions: JsonObject } {
  const definitions: Definitions = new Map()
  const schema = jsonSchemaOf(parseSchema(JSON.stringify(avro)), definitions, '#/$defs/')
  return { schema, definitions: Object.fromEntries(definitions) }
}

function judge(avro: Json, value: Json): { readonly document: boolean; readonly codec: boolean } {
  const { schema, definitions } = schemaOf(avro)
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const document = ajv.validate({ ...schema, $defs: definitions }, value)
  try {
    createEncoder(parseSchema(JSON.stringify(avro)))(value)
    return { document, codec: true }
  } catch {
    return { document, codec: false }
  }
}

const record = (...fields: JsonObject[]): JsonObject => ({ type: 'record', name: 'shop.Order', fields })
const logical = (type: Json, logicalType: string, more: JsonObject = {}): JsonObject => ({ type, logicalType, ...more })
const fixed = (size: number): JsonObject => ({ type: 'fixed', name: 'shop.Hash', size })
const tree = record({ name: 'value', type: 'int' }, { name: 'left', type: ['null', 'shop.Order'], default: null })

// beside these the codec takes the numbers that Avro has for dates, times and decimals; the document names the one form of docs/formats.md
describe('what the document takes, the codec takes; what the one refuses, the other refuses', () => {
  test.each<[name: string, avro: Json, good: Json[], bad: Json[]]>([
    ['null', 'null', [null], ['null', 0]],
    ['boolean', 'boolean', [true], [1, 'true']],
    ['int', 'int', [-(2 ** 31), 2 ** 31 - 1], [2 ** 31, 1.5, '1', null]],
    ['long', 'long', [2 ** 53 - 1], [0.5, true]],
    ['float', 'float', [1.5, 2], [true, {}]],
    ['double', 'double', [-1.5e300], [[]]],
    ['string', 'string', ['', 'é'], [1, null]],
    ['bytes', 'bytes', ['', '/wE='], [1]],
    ['fixed', fixed(2), ['/wE='], [255]],
    ['enum', { type: 'enum', name: 'Size', symbols: ['S', 'L'] }, ['S'], ['M', 0]],
    ['array', { type: 'array', items: 'int' }, [[], [1, 2]], [['x'], {}]],
    ['map', { type: 'map', values: 'long' }, [{}, { a: 1 }], [{ a: 'x' }, []]],
    ['union', ['null', 'int', 'string'], [null, 1, 'x'], [true, {}]],
    ['union of one', ['int'], [1], ['x']],
    ['record', record({ name: 'a', type: 'int' }), [{ a: 1 }], [{}, { a: 'x' }, { a: 1, b: 2 }]],
    ['record with a default', record({ name: 'a', type: 'int', default: 3 }), [{}, { a: 1 }], [{ a: null }]],
    ['recursive record', tree, [{ value: 1, left: { value: 2 } }], [{ value: 1, left: { value: 'x' } }]],
    ['decimal', logical('bytes', 'decimal', { precision: 4, scale: 2 }), ['-12.50', '3'], ['x', true]],
    ['big-decimal', logical('bytes', 'big-decimal'), ['12.5'], ['x']],
    ['timestamp', logical('long', 'timestamp-millis'), ['2026-01-02T03:04:05.678Z'], [null]],
    ['time', logical('int', 'time-millis'), ['03:04:05.678'], [true]],
    ['local timestamp', logical('long', 'local-timestamp-micros'), ['2026-01-02T03:04:05.678901'], [{}]],
    ['date', logical('int', 'date'), ['2026-01-02'], [true]],
    ['uuid', logical('string', 'uuid'), ['4bf92f35-77b3-4da6-a3ce-929d0e0e4736'], [1]],
  ])('%s', (_name, avro, good, bad) => {
    for (const value of good) expect([value, judge(avro, value)]).toEqual([value, { document: true, codec: true }])
    for (const value of bad) expect([value, judge(avro, value)]).toEqual([value, { document: false, codec: false }])
  })
})

test('docs and defaults are shown; defaults that Avro writes in a form of their own are not', () => {
  const { definitions } = schemaOf({
    ...record(
      { name: 'items', type: { type: 'array', items: 'int' }, default: [], doc: 'what was bought' },
      { name: 'note', type: ['null', 'string'], default: null },
      { name: 'raw', type: 'bytes', default: 'ÿ' },
      { name: 'hash', type: fixed(1), default: 'ÿ' },
      { name: 'day', type: logical('int', 'date'), default: 3 },
      { name: 'size', type: { type: 'enum', name: 'Size', symbols: ['S', 'L'], doc: 'of a shirt' }, default: 'S' },
    ),
    doc: 'an order',
  })
  expect(definitions['shop.Order']).toEqual({
    type: 'object',
    description: 'an order',
    properties: {
      items: { type: 'array', items: expect.anything(), default: [], description: 'what was bought' },
      note: { anyOf: [{ type: 'null' }, { type: 'string' }], default: null },
      raw: { type: 'string', contentEncoding: 'base64' },
      hash: { $ref: '#/$defs/shop.Hash' },
      day: { type: 'string', format: 'date' },
      size: { $ref: '#/$defs/shop.Size', default: 'S' },
    },
    additionalProperties: false,
  })
  expect(definitions['shop.Size']).toEqual({ type: 'string', enum: ['S', 'L'], description: 'of a shirt' })
})
