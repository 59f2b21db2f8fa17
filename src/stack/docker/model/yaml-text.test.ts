import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Yaml, yamlText } from './yaml-text.ts'

describe('the text', () => {
  test('reads well', () => {
    const value = {
      services: {
        kafka: {
          image: 'confluentinc/cp-kafka:7.9.1',
          environment: { KAFKA_LISTENERS: 'HOST://0.0.0.0:9092,NET://0.0.0.0:29092', KAFKA_BROKER_ID: '1' },
          command: ['bash', '-c', 'a && b'],
          build: undefined,
          retries: 3,
          none: [],
          nothing: {},
        },
      },
      volumes: { 'kafka-1-data': null },
    }
    expect(yamlText(value)).toBe(`services:
  kafka:
    image: confluentinc/cp-kafka:7.9.1
    environment:
      KAFKA_LISTENERS: HOST://0.0.0.0:9092,NET://0.0.0.0:29092
      KAFKA_BROKER_ID: "1"
    command:
      - bash
      - "-c"
      - "a && b"
    retries: 3
    none: []
    nothing: {}
volumes:
  kafka-1-data:
`)
  })

  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'yes',
      'No',
      'null',
      '~',
      '.5',
      '.inf',
      '1e3',
      '0x1f',
      '12:30:45',
      '2026-01-01',
      '- a',
      'a: b',
      'a #b',
      '/',
      '.',
      '<<',
    ),
  )
  const { tree } = fc.letrec<{ tree: Yaml }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.integer(),
      fc.constant(null),
      fc.dictionary(word, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      fc.array(
        // a list within a list stands nowhere in a compose file
        tie('tree').filter((each) => !Array.isArray(each)),
        { maxLength: 3 },
      ),
    ),
  }))

  test.each(['1.1', '1.2'] as const)('is read by YAML %s as what was written', (version) => {
    const readsBack = fc.property(fc.dictionary(word, tree, { noNullPrototype: true }), (value) => {
      expect(parse(yamlText(value), { version, merge: false })).toEqual(value)
    })
    fc.assert(readsBack, { numRuns: 500 })
  })
})
