import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Json, nestingLimit, stringifyJson } from '../core/json.ts'
import { canonicalText } from './canonical.ts'
import { incompatibilities } from './compatibility.ts'
import { createDecoder } from './decode.ts'
import { defaultProblem } from './default-value.ts'
import { createEncoder } from './encode.ts'
import { exampleValue } from './example.ts'
import { definedTypes } from './named-types.ts'
import { parseSchema, unknownTypes } from './parse.ts'
import { AvroSchemaError } from './schema-error.ts'
import type { RecordSchema } from './schema.ts'

const record = (fields: unknown[], more = {}): string =>
  JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields, ...more })
const field = (type: unknown, more = {}): string => record([{ name: 'f', type, ...more }])

function refusal(text: string): AvroSchemaError {
  try {
    parseSchema(text)
  } catch (thrown) {
    if (thrown instanceof AvroSchemaError) return thrown
    throw thrown
  }
  throw new Error(`not refused: ${text}`)
}

describe('what a schema text may be', () => {
  test('names are resolved within their namespace, and each use of a type is one object', () => {
    const schema = parseSchema(
      record([
        { name: 'a', type: { type: 'enum', name: 'Kind', symbols: ['X'] } },
        { name: 'b', type: 'Kind' },
        { name: 'c', type: 'shop.Kind' },
        { name: 'd', type: { type: 'fixed', name: 'other.Hash', size: 2, aliases: ['Sum', 'old.Sum'] } },
        { name: 'e', type: { type: 'record', name: 'Top', namespace: '', fields: [{ name: 'x', type: 'Top' }] } },
        { name: 'f', type: ['null', 'Top', 'Order'] },
      ]),
    ) as RecordSchema
    const [a, b, c, d, e, f] = schema.fields.map((each) => each.type)
    expect(schema.name).toBe('shop.Order')
    expect(a).toMatchObject({ name: 'shop.Kind' })
    expect(b).toBe(a)
    expect(c).toBe(a)
    expect(d).toMatchObject({ name: 'other.Hash', aliases: ['other.Sum', 'old.Sum'] })
    expect(e).toMatchObject({ name: 'Top' })
    expect((e as RecordSchema).fields[0]?.type).toBe(e)
    expect(f).toEqual({ type: 'union', branches: [{ type: 'null', properties: new Map() }, e, schema] })
    expect([...definedTypes(schema).keys()]).toEqual(['shop.Order', 'shop.Kind', 'other.Hash', 'Top'])
  })

  test('properties are kept, on a union branch and on a field too', () => {
    const schema = parseSchema(field([{ type: 'long', logicalType: 'date', x: [1] }], { pii: true })) as RecordSchema
    const [only] = schema.fields
    expect(only?.properties).toEqual(new Map([['pii', true]]))
    const branch = {
      type: 'long',
      properties: new Map<string, unknown>([
        ['logicalType', 'date'],
        ['x', [1]],
      ]),
    }
    expect(only?.type).toEqual({ type: 'union', branches: [branch] })
  })

  test('numbers beyond 2^53 stay exact', () => {
    const text = field('long', { default: 1 }).replace('"default":1', '"default":9007199254740993')
    expect((parseSchema(text) as RecordSchema).fields[0]?.default).toBe(9007199254740993n)
  })

  test('types of other schemas are known by their full name', () => {
    const known = definedTypes(parseSchema('{"type":"enum","name":"shop.Kind","symbols":["X"]}'))
    const schema = parseSchema(field('Kind'), { known }) as RecordSchema
    expect(schema.fields[0]?.type).toBe(known.get('shop.Kind'))
    const same = { type: 'enum', name: 'Kind', symbols: ['X'] }
    expect(() => parseSchema(field(same), { known })).not.toThrow()
  })

  test('one name for two different types is refused, across schemas too', () => {
    const line = parseSchema(
      '{"type":"record","name":"Line","fields":[{"name":"k","type":{"type":"enum","name":"K","symbols":["X"]}}]}',
    )
    const text = JSON.stringify(['Line', { type: 'enum', name: 'K', symbols: ['Y'] }])
    expect(() => parseSchema(text, { known: definedTypes(line) })).toThrow('"K" is defined differently')
  })

  test('a lenient parser takes what a registry may hold', () => {
    const odd = '{"type":"record","name":"a-b.c d","fields":[{"name":"1","type":"int","default":"x","default":"y"}]}'
    expect(parseSchema(odd, { lenient: true })).toMatchObject({ name: 'a-b.c d' })
    expect(() => parseSchema(odd)).toThrow(AvroSchemaError)
  })
})

describe('what is refused', () => {
  test.each([
    ['{"type":}', '', `value expected after ':' (line 1, column 9)`],
    ['{"type":"int","type":"long"}', '', 'the key "type" stands twice'],
    ['['.repeat(5000), '', 'nested deeper than 1000'],
    ['7', '', 'a type is a name'],
    ['{}', '', '"type" is missing'],
    ['{"type":{"type":"int"}}', '/type', 'is a name'],
    ['{"type":["null"]}', '/type', 'is a name'],
    ['["int","string","int"]', '/2', '"int" stands twice in a union'],
    ['[["int"]]', '/0', 'a union stands directly'],
    ['[{"type":"map","values":"int"},{"type":"map","values":"long"}]', '/1', '"map" stands twice'],
    ['{"type":"array"}', '', '"items" is missing'],
    ['{"type":"map","values":3}', '/values', 'a type is a name'],
    ['{"type":"record","fields":[]}', '', '"name" is missing'],
    ['{"type":"record","name":"R"}', '', '"fields" is not an array'],
    [
      '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}',
      '/fields/1',
      '"a" stands twice',
    ],
    ['{"type":"record","name":"R","fields":["int"]}', '/fields/0', 'a field is not an object'],
    ['{"type":"record","name":"1R","fields":[]}', '/name', '"1R" is not a name'],
    ['{"type":"record","name":"a..R","fields":[]}', '/name', '"" is not a name'],
    ['{"type":"record","name":"a.string","fields":[]}', '/name', 'primitive'],
    ['{"type":"record","name":"R","aliases":["b-c"],"fields":[]}', '/aliases/0', '"b-c" is not a name'],
    ['{"type":"fixed","name":"F","size":-1}', '', '"size" is not a number of bytes'],
    ['{"type":"enum","name":"E","symbols":["A","A"]}', '/symbols/1', '"A" stands twice'],
    ['{"type":"enum","name":"E","symbols":["a b"]}', '/symbols/0', '"a b" is not a name'],
    ['{"type":"enum","name":"E","symbols":["A"],"default":"B"}', '/default', '"B" is not one of the symbols'],
    [field('int', { order: 'up' }), '/fields/0/order', '"order" is neither'],
    [field('int', { doc: 1 }), '/fields/0/doc', '"doc" is not a string'],
    [field({ type: 'fixed', name: 'Order', size: 1 }), '/fields/0/type', '"shop.Order" is defined twice'],
  ])('%s', (text, pointer, words) => {
    const error = refusal(text)
    expect([error.pointer, error.message]).toEqual([pointer, expect.stringContaining(words)])
  })

  test('an unknown type is told with its full name and a guess', () => {
    expect(refusal(field('Ordr'))).toMatchObject({
      kind: 'unknown-type',
      unknownType: 'shop.Ordr',
      pointer: '/fields/0/type',
      message: 'the type "shop.Ordr" is not defined, did you mean "shop.Order"?',
    })
    expect(refusal('"integer"').message).toContain('not defined')
  })

  test('a type that is defined further on is not unknown, but comes too late', () => {
    const text = record([
      { name: 'a', type: 'Kind' },
      { name: 'b', type: { type: 'enum', name: 'Kind', symbols: [] } },
    ])
    expect(refusal(text)).toMatchObject({
      kind: 'schema',
      pointer: '/fields/0/type',
      message: 'the type "shop.Kind" is used before it is defined',
    })
  })

  test('the types that a text uses and does not define', () => {
    const text = record([
      { name: 'a', type: ['null', 'Later', 'com.x.Money', { type: 'array', items: 'Missing' }] },
      { name: 'b', type: { type: 'enum', name: 'Later', symbols: [] } },
      { name: 'c', type: 'Missing' },
    ])
    expect(unknownTypes(text)).toEqual(['com.x.Money', 'shop.Missing'])
  })

  test.each([
    ['int', 1.5, ''],
    ['int', 2147483648, ''],
    ['long', '1', ''],
    ['string', null, ''],
    ['bytes', 'Ā', ''],
    [['null', 'int'], 'x', ''],
    [{ type: 'array', items: 'int' }, [1, 'x'], '/1'],
    [{ type: 'map', values: 'int' }, { 'a/b': 'x' }, '/a~1b'],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, 'B', ''],
    [{ type: 'fixed', name: 'F', size: 2 }, 'abc', ''],
    [{ type: 'record', name: 'R', fields: [{ name: 'x', type: 'int' }] }, {}, ''],
  ])('a default of %j that is %j', (type, value, pointer) => {
    const error = refusal(field(type, { default: value }))
    expect([error.kind, error.pointer]).toEqual(['schema', `/fields/0/default${pointer}`])
    expect(error.message).toMatch(/^the default of "f"( at \S+)? is not /)
  })

  test.each([
    [['null', 'int'], null],
    [['null', 'int'], 3],
    ['double', 'NaN'],
    ['float', '1.5'],
    ['bytes', '\u00ff'],
    [{ type: 'array', items: 'Order' }, []],
    [{ type: 'record', name: 'R', fields: [{ name: 'x', type: 'int', default: 1 }] }, {}],
  ])('a default of %j may be %j', (type, value) => {
    expect(() => parseSchema(field(type, { default: value }))).not.toThrow()
  })

  test('unions within unions are not tried over and over', () => {
    const next = (types: unknown[]): unknown[] => [{ name: 'n', type: ['null', ...types] }]
    const b = { type: 'record', name: 'B', fields: next(['A', 'B']) }
    const schema = parseSchema(JSON.stringify({ type: 'record', name: 'A', fields: next(['A', b]) }))
    const nested = (depth: number): Json => (depth === 0 ? 'no' : { n: nested(depth - 1) })
    expect(defaultProblem(schema, nested(300))).toEqual({ pointer: '/n', expected: 'a value of one of the branches' })
  })

  test('whatever the JSON, it is a schema or an AvroSchemaError', () => {
    const keys = [
      'type',
      'name',
      'fields',
      'items',
      'symbols',
      'size',
      'default',
      'aliases',
      'order',
      'doc',
      'namespace',
    ]
    const words = [...keys, 'record', 'enum', 'fixed', 'array', 'map', 'int', 'null', 'A', 'B', 'a.A', '', '.']
    const json = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom(...words),
        fc.constantFrom(null, true, 0, -1, 2.5, 1e300),
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...keys), tie('json'), { maxKeys: 6 }),
      ),
    })).json
    fc.assert(
      fc.property(json, fc.boolean(), (value, lenient) => {
        try {
          const schema = parseSchema(JSON.stringify(value), { lenient })
          expect(canonicalText(parseSchema(canonicalText(schema), { lenient }))).toBe(canonicalText(schema))
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AvroSchemaError)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a schema as deep as JSON may be goes through every function', () => {
    const deep = '{"type":"array","items":'.repeat(nestingLimit) + '"int"' + '}'.repeat(nestingLimit)
    const schema = parseSchema(deep)
    expect(canonicalText(schema)).toBe(deep)
    expect(incompatibilities(schema, parseSchema(deep))).toEqual([])
    const example = exampleValue(schema)
    expect(stringifyJson(createDecoder(schema)(createEncoder(schema)(example)))).toBe(stringifyJson(example))
  })
})
