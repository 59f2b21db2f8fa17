import { describe, expect, test } from 'vitest'
import { checkLevel } from './compatibility-check.ts'
import { type CompatibilityLevel, compatibilityLevels } from './compatibility-level.ts'
import { incompatibilities } from './compatibility.ts'
import { parseSchema } from './parse.ts'
import type { Schema } from './schema.ts'

const parse = (schema: unknown): Schema => parseSchema(JSON.stringify(schema))
const record = (fields: unknown[], more = {}): object => ({ type: 'record', name: 'a.R', fields, ...more })
const found = (reader: unknown, writer: unknown): string[] =>
  incompatibilities(parse(reader), parse(writer)).map(({ kind, pointer }) => `${kind} ${pointer}`)

const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']

describe('reading with another schema', () => {
  test('primitive types are promoted as the specification says, and not otherwise', () => {
    const read = primitives.flatMap((writer) =>
      primitives.filter((reader) => found(reader, writer).length === 0).map((reader) => `${writer} ${reader}`),
    )
    expect(read.filter((pair) => pair.split(' ')[0] !== pair.split(' ')[1])).toEqual([
      'int long',
      'int float',
      'int double',
      'long float',
      'long double',
      'float double',
      'bytes string',
      'string bytes',
    ])
    expect(found('int', 'long')).toEqual(['TYPE_MISMATCH '])
  })

  test('all problems are told at once, each with its place', () => {
    const writer = record([
      { name: 'id', type: 'string' },
      { name: 'hash', type: { type: 'fixed', name: 'Hash', size: 4 } },
      { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B', 'C'] } },
      { name: 'lines', type: { type: 'array', items: { type: 'map', values: 'string' } } },
      { name: 'part', type: { type: 'record', name: 'Part', fields: [] } },
      { name: 'either', type: ['int', 'string'] },
    ])
    const reader = record([
      { name: 'id', type: 'long' },
      { name: 'hash', type: { type: 'fixed', name: 'Hash', size: 8 } },
      { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A'] } },
      { name: 'lines', type: { type: 'array', items: { type: 'map', values: 'boolean' } } },
      { name: 'part', type: { type: 'record', name: 'Piece', fields: [] } },
      { name: 'either', type: ['null', 'int'] },
      { name: 'added', type: 'int' },
    ])
    expect(found(reader, writer)).toEqual([
      'TYPE_MISMATCH /fields/0/type',
      'FIXED_SIZE_MISMATCH /fields/1/type/size',
      'MISSING_ENUM_SYMBOLS /fields/2/type/symbols',
      'TYPE_MISMATCH /fields/3/type/items/values',
      'NAME_MISMATCH /fields/4/type/name',
      'MISSING_UNION_BRANCH /fields/5/type',
      'READER_FIELD_MISSING_DEFAULT_VALUE /fields/6',
    ])
    expect(incompatibilities(parse(reader), parse(writer)).map((each) => each.message)).toEqual([
      '"string" cannot be read as "long"',
      '"a.Hash" is written with 4 bytes and read with 8',
      'the reader\'s "a.Kind" lacks "B", "C" and has no default',
      '"string" cannot be read as "boolean"',
      '"a.Part" cannot be read as "a.Piece", which has another name and no alias for it',
      'no branch of the union can read "string"',
      'the reader\'s field "added" is not written and has no default',
    ])
  })

  test('names match without their namespace, or by an alias', () => {
    expect(found(record([]), { ...record([]), name: 'b.R' })).toEqual([])
    expect(found(record([], { name: 'a.S' }), record([]))).toEqual(['NAME_MISMATCH /name'])
    expect(found(record([], { name: 'a.S', aliases: ['R'] }), record([]))).toEqual([])
    expect(found(record([], { name: 'b.S', aliases: ['R'] }), record([]))).toEqual(['NAME_MISMATCH /name'])
  })

  test('fields match by name or alias, and may be missing with a default', () => {
    const written = record([{ name: 'x', type: 'int' }])
    expect(found(record([{ name: 'y', type: 'long', aliases: ['x'] }]), written)).toEqual([])
    expect(found(record([{ name: 'y', type: ['null', 'int'], default: null }]), written)).toEqual([])
    expect(found(record([]), written)).toEqual([])
  })

  test('an enum with a default reads any symbol', () => {
    const kind = (symbols: string[], more = {}): object => ({ type: 'enum', name: 'K', symbols, ...more })
    expect(found(kind(['A']), kind(['A', 'B']))).toEqual(['MISSING_ENUM_SYMBOLS /symbols'])
    expect(found(kind(['A'], { default: 'A' }), kind(['A', 'B']))).toEqual([])
    expect(found(kind(['A', 'B']), kind(['A']))).toEqual([])
  })

  test('each branch that is written must be readable, by some branch', () => {
    expect(found(['null', 'double'], ['null', 'int'])).toEqual([])
    expect(found(['null', 'int'], 'int')).toEqual([])
    expect(found('int', ['int'])).toEqual([])
    expect(found('int', ['null', 'int'])).toEqual(['TYPE_MISMATCH '])
    const reason = incompatibilities(parse(['null', record([{ name: 'n', type: 'int' }])]), parse(['null', record([])]))
    expect(reason).toEqual([
      {
        kind: 'MISSING_UNION_BRANCH',
        message: 'no branch of the union can read "a.R": the reader\'s field "n" is not written and has no default',
        pointer: '',
      },
    ])
  })

  test('recursive types end, and a problem in them is told once', () => {
    const list = (value: string): object =>
      record([
        { name: 'value', type: value },
        { name: 'next', type: ['null', 'R'] },
        { name: 'all', type: { type: 'array', items: 'R' } },
      ])
    expect(found(list('long'), list('int'))).toEqual([])
    expect(found(list('int'), list('long'))).toEqual(['TYPE_MISMATCH /fields/0/type'])
  })
})

describe('levels', () => {
  const plain = record([{ name: 'x', type: 'int' }])
  const wider = record([{ name: 'x', type: 'long' }])
  const added = record([
    { name: 'x', type: 'int' },
    { name: 'y', type: 'int' },
  ])
  const versions = (...schemas: object[]) =>
    schemas.map((schema, at) => ({ version: schemas.length - at, schema: parse(schema) }))
  const told = (level: CompatibilityLevel, next: object, ...earlier: object[]): string[] =>
    checkLevel(level, parse(next), versions(...earlier)).map((each) => `${each.direction} ${each.version} ${each.kind}`)

  test.each<[CompatibilityLevel, string[]]>([
    ['NONE', []],
    ['BACKWARD', []],
    ['BACKWARD_TRANSITIVE', ['backward 1 TYPE_MISMATCH']],
    ['FORWARD', ['forward 2 TYPE_MISMATCH']],
    ['FORWARD_TRANSITIVE', ['forward 2 TYPE_MISMATCH']],
    ['FULL', ['forward 2 TYPE_MISMATCH']],
    ['FULL_TRANSITIVE', ['forward 2 TYPE_MISMATCH', 'backward 1 TYPE_MISMATCH']],
  ])('%s looks at these versions in these directions', (level, problems) => {
    const doubled = record([{ name: 'x', type: 'double' }])
    expect(told(level, wider, plain, doubled)).toEqual(problems)
  })

  test('a field without default may not be added backward, nor removed forward', () => {
    expect(told('FULL', added, plain)).toEqual(['backward 1 READER_FIELD_MISSING_DEFAULT_VALUE'])
    expect(told('FULL', plain, added)).toEqual(['forward 1 READER_FIELD_MISSING_DEFAULT_VALUE'])
  })

  test('a first version is always allowed', () =>
    expect(compatibilityLevels.flatMap((level) => told(level, plain))).toEqual([]))
})
