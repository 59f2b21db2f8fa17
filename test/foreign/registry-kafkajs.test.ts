// Judge of the registry server: @kafkajs/confluent-schema-registry, which many Node services use.
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestRegistry, startTestRegistry } from '../support/registry-server.ts'

const order = JSON.stringify({
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'note', type: ['null', 'string'], default: null },
  ],
})
const withEmail = order.replace(/\]}$/, ',{"name":"email","type":"string"}]}')

let registry: TestRegistry
let client: SchemaRegistry
const connect = (): SchemaRegistry => new SchemaRegistry({ host: registry.url, retry: { retries: 0 } })
beforeEach(async () => {
  registry = await startTestRegistry()
  client = connect()
})
afterEach(() => registry.close())

const register = (schema: string, subject = 'shop.Order') =>
  client.register({ type: SchemaType.AVRO, schema }, { subject })

test('registers, finds ids, encodes; another client decodes', async () => {
  const { id } = await register(order)
  expect(id).toBe(1)
  expect(await register(order)).toEqual({ id })
  expect(await client.getRegistryId('shop.Order', 1)).toBe(id)
  expect(await client.getLatestSchemaId('shop.Order')).toBe(id)
  expect(await client.getRegistryIdBySchema('shop.Order', { type: SchemaType.AVRO, schema: order })).toBe(id)
  const bytes = await client.encode(id, { id: 7, note: 'hello' })
  expect(bytes.subarray(0, 5)).toEqual(Buffer.from([0, 0, 0, 0, 1]))
  expect(await connect().decode(bytes)).toEqual({ id: 7, note: 'hello' })
})

test('takes the subject from namespace and name, and sets its level', async () => {
  await client.register(JSON.parse(order))
  expect((await registry.call('GET', '/subjects')).body).toEqual(['shop.Order'])
  expect((await registry.call('GET', '/config/shop.Order')).body).toEqual({ compatibilityLevel: 'BACKWARD' })
})

test('resolves references', async () => {
  await register(
    '{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"}]}',
    'shop.Money',
  )
  const schema = '{"type":"record","name":"Bill","namespace":"shop","fields":[{"name":"total","type":"shop.Money"}]}'
  const references = [{ name: 'shop.Money', subject: 'shop.Money', version: 1 }]
  const { id } = await client.register({ type: SchemaType.AVRO, schema, references }, { subject: 'bills-value' })
  const bytes = await client.encode(id, { total: { cents: 99 } })
  expect(await connect().decode(bytes)).toEqual({ total: { cents: 99 } })
})

test('tells a refusal in our words', async () => {
  await register(order)
  await expect(register(withEmail)).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('incompatible'),
  })
  await expect(client.getLatestSchemaId('none')).rejects.toMatchObject({ status: 404 })
  await expect(client.decode(Buffer.from([0, 0, 0, 0, 9, 2]))).rejects.toThrow('Schema 9 not found')
})
