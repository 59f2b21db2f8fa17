import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeRecord } from './decode-record.ts'
import { type RegistryRecord, encodeRecord } from './records.ts'

const content = { type: 'AVRO', schema: '"string"', references: [] }
const version = { subject: 'orders-value', version: 3, id: 7, content, deleted: false }

const texts = (record: RegistryRecord): [string, string | null] => {
  const { key, value } = encodeRecord(record)
  return [key.toString(), value && value.toString()]
}

describe('the shapes of Confluent', () => {
  test.each<[string, RegistryRecord, string, string | null]>([
    [
      'a version',
      { kind: 'schema', version },
      '{"keytype":"SCHEMA","subject":"orders-value","version":3,"magic":1}',
      '{"subject":"orders-value","version":3,"id":7,"schema":"\\"string\\"","deleted":false}',
    ],
    [
      'a version of another type with references, softly deleted',
      {
        kind: 'schema',
        version: {
          ...version,
          content: { type: 'JSON', schema: '{}', references: [{ name: 'a', subject: 'b', version: 1 }] },
          deleted: true,
        },
      },
      '{"keytype":"SCHEMA","subject":"orders-value","version":3,"magic":1}',
      '{"subject":"orders-value","version":3,"id":7,"schemaType":"JSON","references":[{"name":"a","subject":"b","version":1}],"schema":"{}","deleted":true}',
    ],
    [
      'a removed version',
      { kind: 'removed', subject: 'a', version: 1 },
      '{"keytype":"SCHEMA","subject":"a","version":1,"magic":1}',
      null,
    ],
    [
      'the global level',
      { kind: 'config', scope: null, config: { compatibilityLevel: 'FULL' } },
      '{"keytype":"CONFIG","subject":null,"magic":0}',
      '{"compatibilityLevel":"FULL"}',
    ],
    [
      'a mode that is taken back',
      { kind: 'mode', scope: 'a', mode: null },
      '{"keytype":"MODE","subject":"a","magic":0}',
      null,
    ],
    [
      'a mode',
      { kind: 'mode', scope: 'a', mode: 'IMPORT' },
      '{"keytype":"MODE","subject":"a","magic":0}',
      '{"mode":"IMPORT"}',
    ],
    [
      'a softly deleted subject',
      { kind: 'delete-subject', subject: 'a', upTo: 4 },
      '{"keytype":"DELETE_SUBJECT","subject":"a","magic":0}',
      '{"subject":"a","version":4}',
    ],
    [
      'a cleared subject',
      { kind: 'clear-subject', scope: 'a' },
      '{"keytype":"CLEAR_SUBJECT","subject":"a","magic":0}',
      '{"subject":"a"}',
    ],
    ['a no-op', { kind: 'noop' }, '{"keytype":"NOOP","magic":0}', null],
  ])('%s', (_, record, key, value) => {
    expect(texts(record)).toEqual([key, value])
    expect(decodeRecord(Buffer.from(key), value === null ? null : Buffer.from(value))).toEqual(record)
  })
})

test('a key spelled otherwise and fields of other registries are kept as they are', () => {
  const key = '{"subject":"a","version":1,"magic":0,"keytype":"SCHEMA"}'
  const value =
    '{"subject":"a","version":1,"id":2,"md5":"x","guid":"g","ts":99999999999999999,"schema":"\\"int\\"","deleted":false}'
  const record = decodeRecord(Buffer.from(key), Buffer.from(value))
  if (typeof record === 'string' || record.kind !== 'schema') throw new Error('not read as a version')
  const [keyAgain, valueAgain] = texts({ kind: 'schema', version: { ...record.version, deleted: true } })
  expect(keyAgain).toBe(key)
  expect(valueAgain).toContain('"ts":99999999999999999')
  expect(JSON.parse(valueAgain!)).toMatchObject({ md5: 'x', guid: 'g', deleted: true })
})

test.each([
  ['{"keytype":"SOMETHING_NEW","magic":0}', '{"a":1}', 'ignored'],
  ['{"keytype":"constructor"}', '{}', 'ignored'],
  ['{"magic":0}', '{}', 'ignored'],
  ['{"keytype":"SCHEMA","subject":":.other:a","version":1,"magic":1}', '{"id":1,"schema":"\\"int\\""}', 'ignored'],
  ['{"keytype":"DELETE_SUBJECT","subject":"a","magic":0}', null, 'ignored'],
  ['no json', '{}', 'unreadable'],
  ['{"keytype":"SCHEMA","subject":"a","version":0}', '{}', 'unreadable'],
  ['{"keytype":"SCHEMA","subject":"a","version":1}', '{"id":"1","schema":"\\"int\\""}', 'unreadable'],
  ['{"keytype":"SCHEMA","subject":"a","version":1}', '{"id":1}', 'unreadable'],
  ['{"keytype":"SCHEMA","subject":"a","version":1}', '{"id":1,"schema":"\\"int\\"","references":[1]}', 'unreadable'],
  ['{"keytype":"MODE","subject":null}', '{"mode":"SLEEP"}', 'unreadable'],
  ['{"keytype":"DELETE_SUBJECT","subject":null}', '{"version":1}', 'unreadable'],
  ['{"keytype":"CONFIG","subject":null}', 'no json', 'unreadable'],
])('%s with %s is %s', (key, value, verdict) => {
  expect(decodeRecord(Buffer.from(key), value === null ? null : Buffer.from(value))).toBe(verdict)
})

test('a record without a key is unreadable', () => {
  expect(decodeRecord(null, Buffer.from('{}'))).toBe('unreadable')
})

test('what is written is read back', () => {
  const subject = fc.string({ minLength: 1, unit: 'binary' }).filter((name) => !name.startsWith(':'))
  const whole = fc.integer({ min: 1, max: 2 ** 31 - 1 })
  const record: fc.Arbitrary<RegistryRecord> = fc.oneof(
    fc
      .record({ subject, version: whole, id: whole, schema: fc.string(), deleted: fc.boolean() })
      .map(({ schema, ...rest }) => ({
        kind: 'schema' as const,
        version: { ...rest, content: { ...content, schema } },
      })),
    fc.record({ kind: fc.constant('delete-subject' as const), subject, upTo: whole }),
    fc.record({ kind: fc.constant('removed' as const), subject, version: whole }),
  )
  fc.assert(
    fc.property(record, (written) => {
      const { key, value } = encodeRecord(written)
      expect(decodeRecord(key, value)).toEqual(written)
    }),
  )
})
