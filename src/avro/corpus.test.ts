// The corpus of test/corpus/avro, which Apache Avro for Java confirms where it is there (test/java/avro.test.ts).
import { describe, expect, test } from 'vitest'
import { corpusPairs, corpusReadings, corpusValues } from '../../test/support/avro-corpus.ts'
import { parseJson, stringifyJson } from '../core/json.ts'
import { incompatibilities } from './compatibility.ts'
import { createDecoder } from './decode.ts'
import { createEncoder } from './encode.ts'
import { parseSchema } from './parse.ts'
import { AvroValueError } from './value-error.ts'

/** The same JSON as we write it. */
const normal = (text: string): string => stringifyJson(parseJson(text))

describe('the corpus of values', () => {
  test.each(corpusValues())('$schema: $plain => $avro', ({ schema: text, plain, avro, isInputOnly }) => {
    const schema = parseSchema(text)
    const bytes = createEncoder(schema)(parseJson(plain))
    expect(createEncoder(schema, 'avro')(parseJson(avro)).toString('hex')).toBe(bytes.toString('hex'))
    const written = createDecoder(schema)(bytes)
    if (!isInputOnly) {
      expect(stringifyJson(written)).toBe(normal(plain))
      expect(stringifyJson(createDecoder(schema, 'avro')(bytes))).toBe(normal(avro))
    }
    expect(createEncoder(schema)(written)).toEqual(bytes)
  })
})

describe('the corpus of compatibility', () => {
  test.each(corpusPairs())('$title', ({ schemas, kinds }) => {
    const [older, newer] = schemas.map((text) => parseSchema(text))
    const kindsOf = (problems: ReturnType<typeof incompatibilities>): string =>
      [...new Set(problems.map((each) => each.kind))].toSorted().join(' ')
    expect(kindsOf(incompatibilities(newer!, older!))).toBe(kinds[0])
    expect(kindsOf(incompatibilities(older!, newer!))).toBe(kinds[1])
  })
})

describe('the corpus of reading with another schema', () => {
  test.each(corpusReadings())('$written as $writer is $read as $reader', ({ writer, reader, written, read }) => {
    const from = parseSchema(writer)
    const to = parseSchema(reader)
    const bytes = createEncoder(from, 'avro')(parseJson(written))
    const decode = (): string => stringifyJson(createDecoder(from, 'avro', to)(bytes))
    if (read === undefined) return expect(decode).toThrow(AvroValueError)
    expect(decode()).toBe(normal(read))
    expect(createEncoder(to)(createDecoder(from, 'plain', to)(bytes))).toEqual(
      createEncoder(to, 'avro')(parseJson(read)),
    )
  })
})
