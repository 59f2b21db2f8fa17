// Events with everything that Avro has, as a service and as Java read them.
import type { Json } from '../../src/core/json.ts'
import type { KeyedEvent } from './java-avro.ts'

const logical = (type: string, logicalType: string, more: Record<string, Json> = {}): Json => ({
  type,
  logicalType,
  ...more,
})
const record = (name: string, fields: Record<string, Json>): Json => ({
  type: 'record',
  name,
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
})

export const orderSchema: Json = {
  ...(record('JavaOrder', {
    flag: 'boolean',
    count: 'int',
    id: 'long',
    share: 'float',
    weight: 'double',
    text: 'string',
    photo: 'bytes',
    digest: { type: 'fixed', name: 'Digest', size: 4 },
    status: { type: 'enum', name: 'Status', symbols: ['OPEN', 'PAID'] },
    reference: logical('string', 'uuid'),
    amount: logical('bytes', 'decimal', { precision: 20, scale: 2 }),
    day: logical('int', 'date'),
    placed: logical('long', 'timestamp-millis'),
    settled: logical('long', 'timestamp-micros'),
    note: ['null', 'string'],
    choice: ['null', 'long', 'string', 'boolean'],
    payment: [record('Card', { number: 'string' }), record('Transfer', { iban: 'string' })],
    customer: record('Customer', { name: 'string', address: ['null', record('Address', { city: 'string' })] }),
    lines: { type: 'array', items: record('Line', { item: 'string', pieces: 'int' }) },
    labels: { type: 'map', values: 'string' },
  }) as Record<string, Json>),
  namespace: 'evplat.java',
}

const pick = <T>(i: number, ...values: readonly T[]): T => values[i % values.length]!
const base64 = (...bytes: number[]): string => Buffer.from(bytes).toString('base64')

function orderOf(i: number): Json {
  const at = 1_000_003 * i * (i % 2 === 0 ? 1 : -1000)
  const instant = new Date(at).toISOString()
  return {
    flag: i % 2 === 0,
    count: pick(i, 0, -1, 2_147_483_647, -2_147_483_648, i),
    id: pick<Json>(i, i, -i, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n, 9_007_199_254_740_993n),
    share: i / 4,
    weight: pick(i, i / 3, -1e300, 5e-324, 0.1),
    text: pick(i, '', 'plain', 'Grüße 日本 😀', '"\\\n\t', 'x'.repeat(300)),
    photo: pick(i, '', base64(0, 255, 128), base64(i % 256)),
    digest: base64(i % 256, 0, 255, (i >> 8) % 256),
    status: pick(i, 'OPEN', 'PAID'),
    reference: `0b7e4d8e-5f0c-4a53-9a57-${i.toString(16).padStart(12, '0')}`,
    amount: `${pick(i, '', '-', '123456789012345')}${i + 1}.${String(i % 100).padStart(2, '0')}`,
    day: instant.slice(0, 10),
    placed: instant,
    settled: instant.replace('Z', `${String(i % 1000).padStart(3, '0')}Z`),
    note: pick(i, null, 'a note'),
    choice: pick<Json>(i, null, i, 'text', true),
    payment: pick<Json>(i, { number: `${i}` }, { iban: `DE${i}` }),
    customer: { name: `customer ${i}`, address: pick(i, null, { city: 'Köln' }) },
    lines: Array.from({ length: i % 4 }, (_, n) => ({ item: `item ${n}`, pieces: n - 1 })),
    labels: Object.fromEntries(Array.from({ length: i % 3 }, (_, n) => [`k ${n}`, `${i}`])),
  }
}

/** So many events; each tenth is a tombstone. Keys are `PREFIX-NUMBER`, each of them once. */
export const eventsOf = (prefix: string, count: number): KeyedEvent[] =>
  Array.from({ length: count }, (_, i) => ({ key: `${prefix}-${i}`, value: i % 10 === 9 ? null : orderOf(i) }))
