// How many records of ten fields go between JSON text and Avro in a second, beside the runtime's own JSON and avsc (which
// gives and takes its own values, so that a walk over them would come on top): `npm run bench -- avro`.
import avsc from 'avsc'
import { createDecoder } from '../src/avro/decode.ts'
import { createEncoder } from '../src/avro/encode.ts'
import { parseSchema } from '../src/avro/parse.ts'
import { parseJson, stringifyJson } from '../src/core/json.ts'

const item = {
  type: 'record' as const,
  name: 'Item',
  fields: [
    { name: 'sku', type: 'string' },
    { name: 'count', type: 'int' },
  ],
}
const schema = {
  type: 'record' as const,
  name: 'shop.Order',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'customer', type: 'long' },
    { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['PLACED', 'PAID', 'SENT'] } },
    { name: 'total', type: 'double' },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'items', type: { type: 'array', items: item } },
    { name: 'tags', type: { type: 'map', values: 'string' } },
    { name: 'express', type: 'boolean' },
    { name: 'weight', type: 'float' },
  ],
}
const text = JSON.stringify({
  id: 'ord-123456-abc',
  customer: 998877123456,
  status: 'PLACED',
  total: 123.45,
  at: '2024-05-05T12:34:56.123Z',
  note: null,
  items: [
    { sku: 'abc-1', count: 1 },
    { sku: 'abc-2', count: 2 },
    { sku: 'abc-3', count: 3 },
  ],
  tags: { a: 'x', b: 'y' },
  express: true,
  weight: 1.5,
})

const tree = parseSchema(JSON.stringify(schema))
const encode = createEncoder(tree)
const decode = createDecoder(tree)
const bytes = encode(parseJson(text))
const value = decode(bytes)
if (stringifyJson(value) !== text) throw new Error('the record does not come back as it was')

/** avsc as it would have to be used: longs as bigint, since its own stop at 2^53, and unions wrapped. */
const exactLong = avsc.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8)
    buffer.writeBigInt64LE(value)
    return buffer
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : Number(a > b)),
})
const avscType = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true, registry: { long: exactLong } })
const avscValue: unknown = avscType.fromBuffer(bytes)
if (!avscType.toBuffer(avscValue).equals(bytes)) throw new Error('avsc writes other bytes')

const cases: Record<string, () => unknown> = {
  'JSON.parse': () => JSON.parse(text),
  'JSON text -> Avro': () => encode(parseJson(text)),
  'value -> Avro, avsc': () => avscType.toBuffer(avscValue),
  'JSON.stringify': () => JSON.stringify(value),
  'Avro -> JSON text': () => stringifyJson(decode(bytes)),
  'Avro -> JSON value': () => decode(bytes),
  'Avro -> value, avsc': () => avscType.fromBuffer(bytes),
}

const rounds = 50_000
const best = new Map<string, number>()
for (let repetition = 0; repetition < 6; repetition++)
  for (const [name, run] of Object.entries(cases)) {
    const start = performance.now()
    for (let round = 0; round < rounds; round++) run()
    const rate = rounds / (performance.now() - start)
    best.set(name, Math.max(rate, best.get(name) ?? 0))
  }
console.log(`${bytes.length} bytes of Avro, ${text.length} of JSON; best of 6 rounds, thousand a second`)
for (const [name, rate] of best) console.log(`${name.padEnd(24)}${Math.round(rate).toString().padStart(6)}`)
