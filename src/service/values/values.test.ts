import { expect, onTestFinished, test } from 'vitest'
import { withSchemaId } from '../../avro/wire-format.ts'
import { stringifyJson } from '../../core/json.ts'
import { createRegistryClient } from '../../registry/client.ts'
import type { RegistryClient } from '../../registry/registry.ts'
import { startEmbedded } from '../../stack/embedded/start-embedded.ts'
import type { Topics } from '../definition.ts'
import { KeyError, createValues } from './values.ts'

const written = { type: 'record', name: 'Order', fields: [{ name: 'id', type: 'int' }] } as const
const read = {
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'note', type: 'string', default: 'none' },
  ],
} as const
const both = { produced: true, consumed: true }
const topics: Topics = {
  orders: { key: { kind: 'string' }, value: { kind: 'avro', subject: 'orders-value', schema: read }, ...both },
  texts: { key: { kind: 'bytes' }, value: { kind: 'json' }, ...both },
}

async function stage(): Promise<{ registry: RegistryClient; away: () => Promise<void> }> {
  const embedded = await startEmbedded()
  let closing: Promise<void> | undefined
  const away = (): Promise<void> => (closing ??= embedded.close())
  const registry = createRegistryClient({ url: embedded.registryUrl }, { timeoutMs: 1000 })
  onTestFinished(async () => {
    registry.close()
    await away()
  })
  return { registry, away }
}

test('reads what another version of the schema wrote as the schema of the service', async () => {
  const { registry } = await stage()
  const id = await registry.register('orders-value', { schema: stringifyJson(written) })
  const value = withSchemaId(id, Buffer.from([6]))
  expect(await createValues(topics, registry).decode({ key: Buffer.from('k'), value }, 'orders')).toEqual({
    kind: 'event',
    key: 'k',
    event: { id: 3, note: 'none' },
  })
})

test('tells poison from a registry that is away', async () => {
  const { registry, away } = await stage()
  const id = await registry.register('orders-value', { schema: stringifyJson(read) })
  const kindOf = async (value: Buffer): Promise<string> =>
    (await createValues(topics, registry).decode({ key: null, value }, 'orders')).kind
  expect(await kindOf(Buffer.from('text'))).toBe('poison')
  expect(await kindOf(withSchemaId(99, Buffer.from([6])))).toBe('poison')
  expect(await kindOf(withSchemaId(id, Buffer.from([])))).toBe('poison')
  await away()
  expect(await kindOf(withSchemaId(98, Buffer.from([6])))).toBe('away')
})

test('never registers: a schema that is not there is told, and found once it is', async () => {
  const { registry } = await stage()
  const values = createValues(topics, registry)
  await expect(async () => values.encode('orders', { id: 1 }, 'k')).rejects.toMatchObject({
    code: 'schema-not-registered',
    parts: { hint: expect.stringContaining('`evplat apply`') },
  })
  expect(await registry.subjects()).toEqual([])
  const id = await registry.register('orders-value', { schema: stringifyJson(read) })
  const { value } = await values.encode('orders', { id: 1 }, 'k')
  expect(value!.readInt32BE(1)).toBe(id)
})

test('finds the schema of a subject that keeps its types in another one', async () => {
  const { registry } = await stage()
  const note = { type: 'record', name: 'Note', fields: [{ name: 'text', type: 'string' }] } as const
  await registry.register('note', { schema: stringifyJson(note) })
  const fields = (type: typeof note | 'Note') => ({ type: 'record', name: 'Memo', fields: [{ name: 'note', type }] })
  const references = [{ name: 'Note', subject: 'note', version: 1 }]
  const id = await registry.register('memos-value', { schema: stringifyJson(fields('Note')), references })
  const value = { kind: 'avro', subject: 'memos-value', schema: fields(note) } as const
  const values = createValues({ memos: { key: { kind: 'string' }, value, ...both } }, registry)
  const event = { note: { text: 'hi' } }
  const encoded = await values.encode('memos', event, null)
  expect(encoded.value!.readInt32BE(1)).toBe(id)
  expect(await values.decode(encoded, 'memos')).toEqual({ kind: 'event', key: null, event })
})

test('takes JSON and bytes as they are, null as a tombstone, and says when it is the key that does not go', async () => {
  const { registry } = await stage()
  const values = createValues(topics, registry)
  const encoded = await values.encode('texts', { n: 2n ** 60n }, Buffer.from('k'))
  expect(await values.decode(encoded, 'texts')).toMatchObject({ kind: 'event', event: { n: 2n ** 60n } })
  expect(await values.encode('texts', null, null)).toEqual({ key: null, value: null })
  expect((await values.decode({ key: null, value: Buffer.from([0xff]) }, 'texts')).kind).toBe('poison')
  await expect(async () => values.encode('texts', 1, 5)).rejects.toBeInstanceOf(KeyError)
})
