// Apache Avro for Java judges ours: bytes, canonical texts, compatibility and schema resolution. One JVM answers all questions.
import { describe, expect, test } from 'vitest'
import { canonicalText } from '../../src/avro/canonical.ts'
import { incompatibilities } from '../../src/avro/compatibility.ts'
import { createDecoder } from '../../src/avro/decode.ts'
import { createEncoder } from '../../src/avro/encode.ts'
import { logicalTypeOf } from '../../src/avro/logical-type.ts'
import { parseSchema } from '../../src/avro/parse.ts'
import { AvroSchemaError } from '../../src/avro/schema-error.ts'
import { AvroValueError } from '../../src/avro/value-error.ts'
import { type Json, parseJson, stringifyJson } from '../../src/core/json.ts'
import { corpusPairs, corpusReadings, corpusValues } from '../support/avro-corpus.ts'
import { sampleOf } from '../support/avro-generator.ts'
import { mutated } from '../support/avro-mutation.ts'
import { classPathOf, runJava } from '../support/maven.ts'

/** A question to AvroJudge.java, and what must be true of its answer. */
interface Case {
  readonly name: string
  readonly question: readonly string[]
  readonly check: (answer: string) => void
}

const seeds = Array.from({ length: 150 }, (_, seed) => seed)

interface ValueToJudge {
  readonly schema: string
  readonly plain: Json
  readonly avro: string
}

/** Every value of the corpus, and generated ones. */
function valuesToJudge(): ValueToJudge[] {
  const written = corpusValues().map(({ schema, plain, avro }) => ({ schema, avro, plain: parseJson(plain) }))
  const generated = seeds.flatMap((seed) => {
    const { schema, values } = sampleOf(seed, 2)
    return values.map(({ plain, avro }) => ({ schema: stringifyJson(schema), avro: stringifyJson(avro), plain }))
  })
  return [...written, ...generated]
}

/** Our bytes are Java's. What Java writes for NaN and infinities its own JsonDecoder does not read: see `rereadCases`. */
function bytesCases(): Case[] {
  const readable = valuesToJudge().filter(({ avro }) => !/"(NaN|-?Infinity)"/.test(avro))
  return readable.map(({ schema, avro, plain }) => ({
    name: `${avro} as ${schema}`,
    question: ['encode', schema, avro],
    check: (answer) => {
      const tree = parseSchema(schema)
      const bytes = createEncoder(tree)(plain)
      expect(bytes.toString('hex')).toBe(answer)
      expect(createEncoder(tree)(createDecoder(tree)(bytes))).toEqual(bytes)
    },
  }))
}

/** Java reads our bytes and writes the same again. */
function rereadCases(): Case[] {
  return valuesToJudge().map(({ schema, avro, plain }) => {
    const hex = createEncoder(parseSchema(schema))(plain).toString('hex')
    const question = ['resolve', schema, schema, hex]
    return { name: `${avro} as ${schema}`, question, check: (answer) => expect(answer).toBe(hex) }
  })
}

/** What Java's conversions say to the bytes of a logical type is read by us as the same value. */
function logicalCases(): Case[] {
  const texts = corpusValues().filter(
    ({ schema, plain }) => plain.startsWith('"') && logicalTypeOf(parseSchema(schema)),
  )
  return texts.map(({ schema, plain }) => {
    const encode = createEncoder(parseSchema(schema))
    const bytes = encode(parseJson(plain))
    return {
      name: `${plain} as ${schema}`,
      question: ['logical', schema, bytes.toString('hex')],
      check: (answer) => expect(encode(withSixDigitYear(answer)), answer).toEqual(bytes),
    }
  })
}

/** Java writes years beyond four digits with a sign and no more digits than they have. */
function withSixDigitYear(text: string): string {
  return text.replace(/^([+-])(\d{4,6})(?=-)/, (_, sign: string, year: string) => sign + year.padStart(6, '0'))
}

/** Our canonical text is what Java writes for the same schema. */
function textCases(): Case[] {
  const generated = seeds.map((seed) => stringifyJson(sampleOf(seed).schema))
  return [...new Set([...corpusValues().map(({ schema }) => schema), ...generated])].map((text) => ({
    name: text,
    question: ['parse', text],
    check: (answer) => expect(canonicalText(parseSchema(text))).toBe(answer),
  }))
}

const someTypes = [
  ...['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'].map((name) => `"${name}"`),
  '{"type":"array","items":"int"}',
  '{"type":"array","items":"string"}',
  '{"type":"map","values":"int"}',
  '{"type":"map","values":"long"}',
  '{"type":"enum","name":"N","symbols":["A"]}',
  '{"type":"fixed","name":"N","size":2}',
  '{"type":"record","name":"N","fields":[]}',
  '{"type":"record","name":"N","fields":[{"name":"x","type":"int"}]}',
  '["null","int"]',
  '["string","double"]',
  '["null",{"type":"record","name":"N","fields":[]}]',
]

/** Schemas and what became of them, both of them valid. */
function generatedPairs(): { seed: number; older: string; newer: string }[] {
  return seeds.flatMap((seed) => {
    const { schema } = sampleOf(seed)
    const newer = stringifyJson(mutated(schema, seed))
    return isSchema(newer) ? [{ seed, older: stringifyJson(schema), newer }] : []
  })
}

function isSchema(text: string): boolean {
  try {
    parseSchema(text)
    return true
  } catch (thrown) {
    if (thrown instanceof AvroSchemaError) return false
    throw thrown
  }
}

const kindsOf = (reader: string, writer: string): string => {
  const problems = incompatibilities(parseSchema(reader), parseSchema(writer))
  return [...new Set(problems.map((each) => each.kind))].toSorted().join(' ')
}

/**
 * Difference 1: a reader's field that is not written, has no default and is of an enum with a default symbol. Java compares the
 * enum with the writer's whole record and calls it TYPE_MISMATCH; we call it READER_FIELD_MISSING_DEFAULT_VALUE.
 */
const hasEnumDefault = (schema: string): boolean => /"symbols":\[[^\]]*\],"default"/.test(schema)

/** Every pair has the same kinds of incompatibility, in both directions. */
function compatibilityCases(): Case[] {
  const matrix = someTypes.flatMap((reader) => someTypes.map((writer) => [reader, writer] as const))
  const written = corpusPairs().flatMap(({ schemas: [older, newer] }) => [
    [newer, older] as const,
    [older, newer] as const,
  ])
  const generated = generatedPairs().flatMap(({ older, newer }) => [[newer, older] as const, [older, newer] as const])
  return [...matrix, ...written, ...generated.filter(([reader]) => !hasEnumDefault(reader))].map(
    ([reader, writer]) => ({
      name: `${reader} reads ${writer}`,
      question: ['incompatibilities', reader, writer],
      check: (answer) => expect(kindsOf(reader, writer)).toBe(answer),
    }),
  )
}

/**
 * Difference 2: Java reads bytes as text that are none, and keeps them; we refuse them, as JSON has no place for them.
 * Difference 3: Java heeds the aliases of fields only in records of the same full name; we do wherever the record is read.
 */
function isKnownDifference(ours: string, answer: string): boolean {
  return ours.includes('text in UTF-8') || /missing required field renamed/.test(answer)
}

/** What one schema wrote, read with another: the value is the same, or both refuse it. */
function resolutionCases(): Case[] {
  const written = corpusReadings().map(({ writer, reader, written: avro }) => {
    const hex = createEncoder(parseSchema(writer), 'avro')(parseJson(avro)).toString('hex')
    return { writer, reader, hex }
  })
  const generated = generatedPairs().flatMap(({ seed, older, newer }) =>
    sampleOf(seed).values.map(({ plain }) => {
      const hex = createEncoder(parseSchema(older))(plain).toString('hex')
      return { writer: older, reader: newer, hex }
    }),
  )
  return [...written, ...generated].map(({ writer, reader, hex }) => ({
    name: `${hex} as ${writer} is read as ${reader}`,
    question: ['resolve', writer, reader, hex],
    check: (answer) => {
      const ours = resolved(writer, reader, hex)
      if (ours.startsWith('error') && answer.startsWith('error')) return
      if (!isKnownDifference(ours, answer)) expect(ours).toBe(answer)
    },
  }))
}

function resolved(writer: string, reader: string, hex: string): string {
  const to = parseSchema(reader)
  try {
    const value = createDecoder(parseSchema(writer), 'plain', to)(Buffer.from(hex, 'hex'))
    return createEncoder(to)(value).toString('hex')
  } catch (thrown) {
    if (thrown instanceof AvroValueError) return `error: ${thrown.message}`
    throw thrown
  }
}

/** The three differences, so that a release of Java's that ends one of them is seen. */
function differenceCases(): Case[] {
  const record = (...fields: unknown[]): string => JSON.stringify({ type: 'record', name: 'R', fields })
  const withEnum = record({ name: 'e', type: { type: 'enum', name: 'E', symbols: ['A'], default: 'A' } })
  const renamed = JSON.stringify({ type: 'record', name: 'b.R', fields: [{ name: 'y', type: 'int', aliases: ['x'] }] })
  return [
    {
      name: '1: an enum with a default that is not written',
      question: ['incompatibilities', withEnum, record()],
      check: (answer) =>
        expect([answer, kindsOf(withEnum, record())]).toEqual(['TYPE_MISMATCH', 'READER_FIELD_MISSING_DEFAULT_VALUE']),
    },
    {
      name: '2: bytes that are no text',
      question: ['resolve', '"bytes"', '"string"', '02ff'],
      check: (answer) =>
        expect([answer, resolved('"bytes"', '"string"', '02ff')]).toEqual(['02ff', expect.stringContaining('UTF-8')]),
    },
    {
      name: '3: the alias of a field in a record of another namespace',
      question: ['resolve', record({ name: 'x', type: 'int' }), renamed, '02'],
      check: (answer) =>
        expect([answer, resolved(record({ name: 'x', type: 'int' }), renamed, '02')]).toEqual([
          expect.stringContaining('missing required field'),
          '02',
        ]),
    },
  ]
}

const groups: readonly (readonly [string, readonly Case[]])[] = [
  ['the bytes of a value', bytesCases()],
  ['our bytes, read and written again', rereadCases()],
  ['logical types', logicalCases()],
  ['canonical texts', textCases()],
  ['compatibility', compatibilityCases()],
  ['reading with another schema', resolutionCases()],
  ['the known differences', differenceCases()],
]

const avroJar = await classPathOf('avro-1.12.1', ['org.apache.avro:avro:1.12.1'])
const missing = 'missing' in avroJar ? avroJar.missing : ''
if (missing !== '') console.warn(`skipped: Apache Avro as a judge: ${missing}`)
const questions = groups.flatMap(([, cases]) => cases.map((each) => each.question.join('\t')))
const answers = 'value' in avroJar ? await runJava('test/java/AvroJudge.java', avroJar.value, questions) : []

describe.skipIf(missing !== '')('Apache Avro 1.12.1', () => {
  test('answers every question', () => expect(answers).toHaveLength(questions.length))

  for (const [index, [title, cases]] of groups.entries()) {
    const before = groups.slice(0, index).reduce((sum, [, earlier]) => sum + earlier.length, 0)
    test(`agrees on ${title}: ${cases.length} cases`, () => {
      const wrong = cases.flatMap(({ name, check }, at) => {
        try {
          check(answers[before + at]!)
          return []
        } catch (thrown) {
          return [`${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`]
        }
      })
      expect(wrong).toEqual([])
    })
  }
})
