// Other people's Avro clients on a real Kafka and our registry server: they read what `produce` writes, and `consume` reads what they
// write. @kafkajs/confluent-schema-registry knows no logical types (it gives what they are stored as); confluent-kafka for Python does.
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseJson } from '../../src/core/json.ts'
import { type Stage, setStage } from '../scenarios/stage.ts'
import { type Found, missingOf, needed } from '../support/found.ts'
import { skipNote } from '../support/native-runtime.ts'
import { type RunPython, findPython } from '../support/python.ts'
import { type TestStack, stackIsMissing, startStack } from '../support/test-stack.ts'

const missing = stackIsMissing()
const python: Found<RunPython> = missing === undefined ? findPython() : { missing }
const noPython = missingOf(python)
const pythonNote = skipNote(noPython)

const order = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'reference', type: { type: 'string', logicalType: 'uuid' } },
    { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
    { name: 'placed', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['OPEN', 'PAID'] } },
    {
      name: 'customer',
      type: {
        type: 'record',
        name: 'Customer',
        fields: [
          { name: 'name', type: 'string' },
          { name: 'email', type: ['null', 'string'], default: null },
        ],
      },
    },
    { name: 'choice', type: ['null', 'int', 'string', 'boolean'] },
    {
      name: 'payment',
      type: [
        { type: 'record', name: 'Card', fields: [{ name: 'number', type: 'string' }] },
        { type: 'record', name: 'Transfer', fields: [{ name: 'iban', type: 'string' }] },
      ],
    },
    { name: 'labels', type: { type: 'map', values: 'string' } },
    {
      name: 'lines',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'Line',
          fields: [
            { name: 'item', type: 'string' },
            { name: 'count', type: 'int', default: 1 },
          ],
        },
      },
    },
    { name: 'photo', type: 'bytes' },
    { name: 'weight', type: 'double', default: 0.5 },
    { name: 'note', type: 'string', default: 'none' },
  ],
}

/** As people give it to `produce`: what has a default may be missing. */
const given = {
  // the largest that avsc takes
  id: 9_007_199_254_740_990,
  reference: '0b7e4d8e-5f0c-4a53-9a57-0c8f6a0f1c22',
  amount: '-1234.56',
  placed: '2026-01-31T10:00:00.123Z',
  day: '2024-02-29',
  status: 'PAID',
  customer: { name: 'Grüße 日本 😀' },
  choice: 7,
  payment: { number: '4711' },
  labels: { a: '1', 'b c': '' },
  lines: [{ item: 'book', count: 3 }, { item: 'pen' }],
  photo: 'AP+A',
}
/** As `consume` shows it. */
const shown = {
  ...given,
  customer: { ...given.customer, email: null },
  lines: [
    { item: 'book', count: 3 },
    { item: 'pen', count: 1 },
  ],
  weight: 0.5,
  note: 'none',
}
const second = {
  ...shown,
  id: -1,
  amount: '0.00',
  status: 'OPEN',
  customer: { name: '', email: 'a@b.example' },
  choice: null,
  payment: { iban: 'DE00' },
  labels: {},
  lines: [],
  photo: '',
  weight: -2.25,
  note: '"\n',
}

/** As avsc gives it: numbers for times, unscaled bytes for decimals, the branch of a union of records by name. */
const inKafkajs = [
  {
    ...shown,
    amount: Buffer.from([0xfe, 0x1d, 0xc0]),
    placed: Date.UTC(2026, 0, 31, 10, 0, 0, 123),
    day: 19_782,
    payment: { 'shop.Card': { number: '4711' } },
    photo: Buffer.from('AP+A', 'base64'),
  },
  {
    ...second,
    amount: Buffer.from([0]),
    placed: Date.UTC(2026, 0, 31, 10, 0, 0, 123),
    day: 19_782,
    payment: { 'shop.Transfer': { iban: 'DE00' } },
    photo: Buffer.alloc(0),
  },
]

/** As confluent-kafka for Python gives it, with tags for what JSON has no word for (see avro_records.py). */
const logical = {
  reference: { $uuid: given.reference },
  placed: { $instant: given.placed },
  day: { $date: given.day },
}
const inPython = [
  { ...shown, ...logical, amount: { $decimal: '-1234.56' }, photo: { $bytes: '00ff80' } },
  { ...second, ...logical, amount: { $decimal: '0.00' }, photo: { $bytes: '' } },
]

const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('')
/** Work that several tests build on, done by the first. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined
  return () => (done ??= work())
}

/** objects that avsc makes have classes of their own */
const plain = (value: unknown): unknown => (Buffer.isBuffer(value) ? value : plainObject(value))
function plainObject(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}

describe.skipIf(missing !== undefined)(`Avro clients of others${skipNote(missing)}`, () => {
  let stack: TestStack
  beforeAll(async () => {
    stack = await startStack('version: "3.9", coordination: kraft')
  })
  afterAll(() => stack?.close())

  const registry = (): SchemaRegistry => new SchemaRegistry({ host: stack.registryUrl, retry: { retries: 0 } })

  /** Every value of a topic as @kafkajs/confluent-schema-registry decodes it. */
  async function readByKafkajs(topic: string): Promise<unknown[]> {
    const client = registry()
    const records = await stack.java.read(stack.bootstrap, topic)
    const values: unknown[] = []
    for (const { value } of records) values.push(plain(await client.decode(value!)))
    return values
  }

  /** Writes values as @kafkajs/confluent-schema-registry encodes them with a version of the topic's subject. */
  async function writeByKafkajs(topic: string, version: number, values: readonly unknown[]): Promise<void> {
    const client = registry()
    const id = await client.getRegistryId(`${topic}-value`, version)
    const encoded: Buffer[] = []
    for (const value of values) encoded.push(await client.encode(id, value))
    await stack.java.write(
      stack.bootstrap,
      encoded.map((value) => ({ topic, key: 'kafkajs', value })),
    )
  }

  async function readByPython(topic: string, count: number, ...readerSchema: string[]): Promise<unknown> {
    const args = ['read', stack.bootstrap, stack.registryUrl, topic, String(count), ...readerSchema]
    return parseJson(await needed(python)('avro_records.py', ...args))
  }

  async function writeByPython(topic: string, version: number, values: readonly unknown[]): Promise<void> {
    const args = [stack.bootstrap, stack.registryUrl, topic, String(version), JSON.stringify(values)]
    await needed(python)('avro_records.py', 'write', ...args)
  }

  /** The values that `consume` shows of the records with a key. */
  async function valuesOf(stage: Stage, topic: string, key: string): Promise<unknown[]> {
    const printed = await stage.done(`consume ${topic} --exit`)
    const records = printed
      .split('\n')
      .slice(0, -1)
      .map((line) => parseJson(line) as { key: string; value: unknown })
    return records.filter((record) => record.key === key).map(({ value }) => value)
  }

  describe('a record with logical types, unions, enum, map, array, nested records and defaults', () => {
    const written = once(async () => {
      const stage = setStage(stack, 'types')
      await stage.write('types/order.avsc', JSON.stringify(order))
      await stage.declare('topics: { types.orders: { key: string, value: { schema: types/order.avsc } } }\n')
      await stage.done('apply --yes')
      await stage.done('produce types.orders -k evplat', lines([given, second]))
      return stage
    })
    test('is read by kafkajs, and written', async () => {
      const stage = await written()
      expect((await readByKafkajs('types.orders')).slice(0, 2)).toEqual(inKafkajs)
      await writeByKafkajs('types.orders', 1, inKafkajs)
      expect(await valuesOf(stage, 'types.orders', 'kafkajs')).toEqual([shown, second])
    })
    test.skipIf(noPython !== undefined)(`is read by Python, and written${pythonNote}`, async () => {
      const stage = await written()
      expect(await readByPython('types.orders', 2)).toEqual(inPython)
      const named = inPython.map((value, i) => ({
        ...value,
        payment: [i === 0 ? 'shop.Card' : 'shop.Transfer', value.payment],
      }))
      await writeByPython('types.orders', 1, named)
      expect(await valuesOf(stage, 'types.orders', 'python')).toEqual([shown, second])
    })
  })

  describe('a schema with references', () => {
    const money = {
      type: 'record',
      name: 'Money',
      namespace: 'shop',
      fields: [
        { name: 'cents', type: 'long' },
        { name: 'currency', type: 'shop.Currency', default: 'EUR' },
      ],
    }
    const currency = { type: 'enum', name: 'Currency', namespace: 'shop', symbols: ['EUR', 'USD'] }
    const bill = {
      type: 'record',
      name: 'Bill',
      namespace: 'shop',
      fields: [
        { name: 'total', type: 'shop.Money' },
        { name: 'parts', type: { type: 'array', items: 'shop.Money' } },
      ],
    }
    const value = { total: { cents: 300, currency: 'EUR' }, parts: [{ cents: 100, currency: 'USD' }] }
    const written = once(async () => {
      const stage = setStage(stack, 'bills')
      const files = { Money: money, Currency: currency, Bill: bill }
      for (const [name, schema] of Object.entries(files))
        await stage.write(`bills/${name}.avsc`, JSON.stringify(schema))
      await stage.declare(
        'schemas: { dir: bills }\ntopics: { bills.issued: { key: string, value: { schema: bills/Bill.avsc } } }\n',
      )
      await stage.done('apply --yes')
      await stage.done('produce bills.issued -k evplat', lines([{ ...value, total: { cents: 300 } }]))
      return stage
    })
    test('is followed by kafkajs', async () => {
      const stage = await written()
      expect((await readByKafkajs('bills.issued'))[0]).toEqual(value)
      await writeByKafkajs('bills.issued', 1, [value])
      expect(await valuesOf(stage, 'bills.issued', 'kafkajs')).toEqual([value])
    })
    test.skipIf(noPython !== undefined)(`is followed by Python${pythonNote}`, async () => {
      const stage = await written()
      expect(await readByPython('bills.issued', 1)).toEqual([value])
      await writeByPython('bills.issued', 1, [value])
      expect(await valuesOf(stage, 'bills.issued', 'python')).toEqual([value])
    })
  })

  describe('two versions of a schema in one topic', () => {
    const older = { type: 'record', name: 'Event', namespace: 'shop', fields: [{ name: 'id', type: 'long' }] }
    const newer = { ...older, fields: [...older.fields, { name: 'source', type: 'string', default: 'shop' }] }
    const big = 9_007_199_254_740_993n
    const written = once(async () => {
      const stage = setStage(stack, 'versions')
      await stage.declare('topics: { versions.events: { key: string, value: { schema: versions/event.avsc } } }\n')
      await stage.write('versions/event.avsc', JSON.stringify(older))
      await stage.done('apply --yes')
      await stage.done('produce versions.events -k evplat', '{"id":1}\n')
      await stage.write('versions/event.avsc', JSON.stringify(newer))
      await stage.done('apply --yes')
      await stage.done('produce versions.events -k evplat', '{"id":2,"source":"web"}\n{"id":3}\n')
      return stage
    })
    test('is read by kafkajs each as it was written, and written', async () => {
      const stage = await written()
      const values = [{ id: 1 }, { id: 2, source: 'web' }, { id: 3, source: 'shop' }]
      expect((await readByKafkajs('versions.events')).slice(0, 3)).toEqual(values)
      await writeByKafkajs('versions.events', 1, [{ id: 4 }])
      await writeByKafkajs('versions.events', 2, [{ id: 5, source: 'app' }])
      expect(await valuesOf(stage, 'versions.events', 'kafkajs')).toEqual([{ id: 4 }, { id: 5, source: 'app' }])
    })
    test.skipIf(noPython !== undefined)(`is read by Python as its own version, and written${pythonNote}`, async () => {
      const stage = await written()
      expect(await readByPython('versions.events', 3, JSON.stringify(newer))).toEqual([
        { id: 1, source: 'shop' },
        { id: 2, source: 'web' },
        { id: 3, source: 'shop' },
      ])
      expect(await readByPython('versions.events', 3, JSON.stringify(older))).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
      await writeByPython('versions.events', 1, [{ id: 6 }])
      await writeByPython('versions.events', 2, [{ id: 7 }])
      // beyond what Node's numbers hold, both ways
      await stage.done('produce versions.events -k large', `{"id":${big},"source":"web"}\n`)
      expect(await valuesOf(stage, 'versions.events', 'large')).toEqual([{ id: big, source: 'web' }])
      const all = (await readByPython(
        'versions.events',
        (await stage.kcatRecords('versions.events')).length,
      )) as unknown[]
      expect(all.at(-1)).toEqual({ id: big, source: 'web' })
      expect(await valuesOf(stage, 'versions.events', 'python')).toEqual([{ id: 6 }, { id: 7, source: 'shop' }])
    })
  })
})
