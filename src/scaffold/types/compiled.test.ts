// The generated types, judged by the compiler: values that the codec gives have the type of their schema.
import { expect, test } from 'vitest'
import { sampleOf } from '../../../test/support/avro-generator.ts'
import { compile } from '../../../test/support/typescript.ts'
import { createDecoder } from '../../avro/decode.ts'
import { createEncoder } from '../../avro/encode.ts'
import { parseSchema } from '../../avro/parse.ts'
import type { Schema } from '../../avro/schema.ts'
import type { Json } from '../../core/json.ts'
import { literal } from './literal.ts'
import { typesFile } from './types-file.ts'

const schemaCount = 300

interface Case {
  readonly schema: Schema
  readonly values: readonly Json[]
}

/** A schema and values as a decoder gives them. */
function caseOf(seed: number): Case {
  const sample = sampleOf(seed, 6)
  const schema = parseSchema(JSON.stringify(sample.schema))
  const [encode, decode] = [createEncoder(schema), createDecoder(schema)]
  return { schema, values: sample.values.map(({ plain }) => decode(encode(plain))) }
}

/** The value without the fields of the record that have a default. */
function withoutDefaults(schema: Schema, value: Json): Json {
  const optional = 'fields' in schema ? schema.fields.filter((field) => field.default !== undefined) : []
  const left = Object.entries(value as object).filter(([key]) => !optional.some((field) => field.name === key))
  return Object.fromEntries(left) as Json
}

/** A module with the types of a schema, values that have them, and one that has not. */
function moduleOf({ schema, values }: Case): string {
  const { content, names } = typesFile([{ name: 'Root', schema }])
  const { given, sent } = names[0]!
  const lines = values.flatMap((value, at) => [
    `export const given${at}: ${given} = ${literal(value)}`,
    `export const sent${at}: ${sent} = given${at}`,
    `export const least${at}: ${sent} = ${literal(withoutDefaults(schema, value))}`,
  ])
  const wrong = `// @ts-expect-error: no record\nexport const wrong: ${given} = 'text'`
  return [content, ...lines, wrong, ''].join('\n')
}

const fields = (...names: readonly string[]) => names.map((name) => ({ name, type: 'int' }))
const record = (name: string, ...names: readonly string[]) => ({ type: 'record', name, fields: fields(...names) })

/** Unions whose branches look like each other, and values of each branch. */
const ambiguous: readonly [branches: readonly unknown[], values: readonly Json[]][] = [
  [[record('A', 'map'), { type: 'map', values: 'int' }], [{ map: { map: 1 } }]],
  [
    [record('A', 'x', 'y'), { type: 'map', values: 'int' }],
    [{ A: { x: 1, y: 2 } }, { map: { x: 1, y: 2 } }],
  ],
  [
    [{ type: 'record', name: 'A', fields: [{ name: 'B', type: { type: 'map', values: 'int' } }] }, record('B', 'y')],
    [{ A: { B: { y: 1 } } }, { B: { y: 2 } }],
  ],
  [
    [record('A', 'x'), record('B', 'x')],
    [{ A: { x: 1 } }, { B: { x: 2 } }],
  ],
  [
    [record('A', 'map'), { type: 'map', values: 'int' }],
    [{ A: { map: 1 } }, { map: { a: 1 } }, { map: { x: 2 } }],
  ],
  [
    [{ type: 'map', values: 'int' }, 'null'],
    [{ a: 1 }, { map: { map: 1 } }, null],
  ],
  [
    [record('A', 'B'), record('B', 'y')],
    [{ A: { B: 1 } }, { B: { y: 2 } }],
  ],
  [
    ['null', 'boolean', 'long', 'double', 'string'],
    [null, 1, { double: 1 }, 1.5, { double: 'NaN' }, 'NaN'],
  ],
  [
    ['string', { type: 'enum', name: 'E', symbols: ['A'] }, 'bytes'],
    ['A', { E: 'A' }, { bytes: 'AAAA' }],
  ],
  [
    ['int', 'long'],
    [1, { long: 1 }, 2 ** 40],
  ],
  [
    [{ type: 'long', logicalType: 'timestamp-millis' }, 'string'],
    [{ long: 1 }, 'x'],
  ],
]

test('values of unions whose branches look alike have the type of their union', async () => {
  const files = ambiguous.map(([branches, values], at) => {
    const schema = parseSchema(JSON.stringify(branches))
    const [encode, decode] = [createEncoder(schema), createDecoder(schema)]
    const { content } = typesFile([{ name: 'Root', schema }])
    const lines = values.map((value, each) => `export const value${each}: Root = ${literal(decode(encode(value)))}\n`)
    const wrong = `// @ts-expect-error: no branch\nexport const wrong: Root = [['no branch']]\n`
    return [`union-${at}.ts`, content + lines.join('') + wrong] as const
  })
  expect(await compile(Object.fromEntries(files))).toBe('')
})

test(`what a decoder gives has the generated type: values of ${schemaCount} schemas`, async () => {
  const cases = Array.from({ length: schemaCount }, (_, seed) => caseOf(seed))
  const files = cases.map((each, seed) => [`schema-${seed}.ts`, moduleOf(each)] as const)
  expect(await compile(Object.fromEntries(files))).toBe('')
})
