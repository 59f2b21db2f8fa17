import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestRegistry, startTestRegistry } from '../../../test/support/registry-server.ts'

const record = (...fields: unknown[]): string =>
  JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields })
const id = { name: 'id', type: 'long' }
const note = { name: 'note', type: ['null', 'string'], default: null }

let registry: TestRegistry
beforeEach(async () => {
  registry = await startTestRegistry()
})
afterEach(() => registry.close())

const get = async (path: string): Promise<unknown> => (await registry.call('GET', path)).body
const register = async (subject: string, schema: string, more = {}): Promise<unknown> =>
  (await registry.call('POST', `/subjects/${subject}/versions`, { schema, ...more })).body

describe('registration', () => {
  test('ids count up from 1 over all subjects, versions within one', async () => {
    expect(await register('orders-value', record(id))).toEqual({ id: 1 })
    expect(await register('orders-value', record(id, note))).toEqual({ id: 2 })
    expect(await register('other-value', '"string"')).toEqual({ id: 3 })
    expect(await get('/subjects/orders-value/versions')).toEqual([1, 2])
    expect(await get('/subjects/other-value/versions')).toEqual([1])
  })

  test('the same schema has the same id, in its subject without a new version', async () => {
    await register('orders-value', record(id))
    await register('other-value', '"string"')
    expect(await register('orders-value', record(id))).toEqual({ id: 1 })
    expect(await register('copy-value', record(id))).toEqual({ id: 1 })
    expect(await get('/subjects/orders-value/versions')).toEqual([1])
    expect(await get('/schemas/ids/1/versions')).toEqual([
      { subject: 'copy-value', version: 1 },
      { subject: 'orders-value', version: 1 },
    ])
  })

  test.each([
    ['white space', `  ${record(id).replaceAll(',', ' ,\n ')}`],
    ['the order of keys', '{"name":"Order","fields":[{"type":"long","name":"id"}],"namespace":"shop","type":"record"}'],
    ['a type as an object', record({ name: 'id', type: { type: 'long' } })],
    ['the namespace in the name', '{"type":"record","name":"shop.Order","fields":[{"name":"id","type":"long"}]}'],
  ])('%s makes no new schema', async (_, same) => {
    await register('orders-value', record(id))
    expect(await register('orders-value', same)).toEqual({ id: 1 })
    expect(await get('/subjects/orders-value/versions')).toEqual([1])
  })

  test.each([
    ['documentation', record({ ...id, doc: 'of the order' })],
    ['a default', record({ ...id, default: 0 })],
    ['an alias', record({ ...id, aliases: ['number'] })],
    ['a property of the user', record({ ...id, pii: true })],
  ])('%s makes another schema', async (_, other) => {
    await register('orders-value', record(id))
    expect(await register('orders-value', other)).toEqual({ id: 2 })
    expect(await get('/subjects/orders-value/versions')).toEqual([1, 2])
  })

  test('fifty at the same time make one id and one version', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => register('orders-value', record(id))))
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"id":1}']))
    expect(await get('/subjects/orders-value/versions')).toEqual([1])
    expect(registry.log.records).toHaveLength(2)
  })

  test('no schema: the newest one of the subject again', async () => {
    await register('orders-value', record(id))
    await register('orders-value', record(id, note))
    expect(await register('orders-value', '')).toEqual({ id: 2 })
    expect((await registry.call('POST', '/subjects/orders-value/versions', {})).body).toEqual({ id: 2 })
  })

  test('a version number in the request must be the next one', async () => {
    await register('orders-value', record(id), { version: 1 })
    expect(await register('orders-value', record(id, note), { version: 3 })).toMatchObject({ error_code: 42201 })
    expect(await register('orders-value', record(id, note), { version: 2, unknown: { property: 1 } })).toEqual({
      id: 2,
    })
  })

  test('an incompatible schema is refused with 409 and the reasons', async () => {
    await register('orders-value', record(id))
    const refused = await registry.call('POST', '/subjects/orders-value/versions', {
      schema: record(id, { name: 'email', type: 'string' }),
    })
    expect(refused).toMatchObject({ status: 409, body: { error_code: 409 } })
    expect(refused.text).toContain('READER_FIELD_MISSING_DEFAULT_VALUE')
    expect(refused.text).toContain('oldSchemaVersion: 1')
    expect(await get('/subjects/orders-value/versions')).toEqual([1])
  })

  test('a schema of more than a record of the log may hold is refused with 42209', async () => {
    const large = record({ ...id, doc: 'x'.repeat(1_000_000) })
    expect(await register('orders-value', large)).toMatchObject({ error_code: 42209 })
    expect(await get('/subjects')).toEqual([])
    expect(await register('orders-value', record(id))).toEqual({ id: 1 })
  })
})

describe('metadata and rules', () => {
  const metadata = { properties: { owner: 'checkout', tier: '1' } }

  test('come back, count for identity in any order of keys, and are taken over by the next version', async () => {
    await register('orders-value', record(id), { metadata })
    expect(await get('/subjects/orders-value/versions/1')).toMatchObject({ metadata })
    expect(
      await register('orders-value', record(id), { metadata: { properties: { tier: '1', owner: 'checkout' } } }),
    ).toEqual({ id: 1 })
    expect(await register('orders-value', record(id))).toEqual({ id: 1 })
    await register('orders-value', record(id, note))
    expect(await get('/schemas/ids/2')).toMatchObject({ metadata })
    expect(await register('orders-value', record(id), { metadata: { properties: { owner: 'billing' } } })).toEqual({
      id: 3,
    })
  })

  test('a lookup without them finds the schema, one with others does not', async () => {
    await register('orders-value', record(id), { metadata })
    const lookUp = (more: object) => registry.call('POST', '/subjects/orders-value', { schema: record(id), ...more })
    expect((await lookUp({})).body).toMatchObject({ id: 1, version: 1 })
    expect((await lookUp({ metadata: { properties: { owner: 'x' } } })).body).toMatchObject({ error_code: 40403 })
  })

  test('the latest version with some properties is found by them', async () => {
    await register('orders-value', record(id), { metadata })
    await register('orders-value', record(id, note), { metadata: { properties: { owner: 'billing', tier: '1' } } })
    const path = '/subjects/orders-value/metadata'
    expect(await get(`${path}?key=owner&value=checkout&key=tier&value=1`)).toMatchObject({ version: 1 })
    expect(await get(`${path}?key=tier&value=1`)).toMatchObject({ version: 2 })
    expect(await get(`${path}?key=tier&value=2`)).toMatchObject({ error_code: 40403 })
    expect(await get('/subjects/none/metadata')).toMatchObject({ error_code: 40401 })
  })
})

describe('references', () => {
  const money = '{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"amount","type":"long"}]}'
  const withMoney = record(id, { name: 'price', type: 'shop.Money' })
  const toMoney = { name: 'shop.Money', subject: 'shop.Money', version: 1 }

  test('are resolved, all the way down, and come back', async () => {
    await register('shop.Money', money)
    await register('shop.Order', withMoney, { references: [toMoney] })
    const basket =
      '{"type":"record","name":"Basket","fields":[{"name":"order","type":"shop.Order"},{"name":"tip","type":"shop.Money"}]}'
    const toOrder = { name: 'shop.Order', subject: 'shop.Order', version: 1 }
    expect(await register('basket-value', basket, { references: [toOrder] })).toEqual({ id: 3 })
    expect(await get('/schemas/ids/3')).toMatchObject({ references: [toOrder] })
    expect(await get('/subjects/shop.Money/versions/1/referencedby')).toEqual([2])
    expect(await get('/subjects/shop.Order/versions/latest/referencedby')).toEqual([3])
    expect(await get('/subjects/basket-value/versions/1/referencedby')).toEqual([])
  })

  test('the stored text holds names of referenced types, `resolved` their definitions', async () => {
    await register('shop.Money', money)
    await register('orders-value', withMoney, { references: [toMoney] })
    const stored = await registry.call('GET', '/subjects/orders-value/versions/1/schema')
    expect(stored.text).not.toContain('amount')
    const resolved = await registry.call('GET', '/schemas/ids/2/schema?format=resolved')
    expect(resolved.text).toContain('"amount"')
    expect(await get('/schemas/ids/2?format=serialized')).toMatchObject({ error_code: 501 })
  })

  test('a reference to version -1 is one to the latest as it is then', async () => {
    await register('shop.Money', money)
    const latest = { references: [{ ...toMoney, version: -1 }] }
    expect(await register('orders-value', withMoney, latest)).toEqual({ id: 2 })
    expect(await register('orders-value', withMoney, { references: [toMoney] })).toEqual({ id: 2 })
    await register('shop.Money', money.replace(']}', ',{"name":"currency","type":"string","default":"EUR"}]}'))
    expect(await register('orders-value', withMoney, latest)).toEqual({ id: 4 })
    expect(await get('/subjects/orders-value/versions/2')).toMatchObject({ references: [{ ...toMoney, version: 2 }] })
  })

  test('other references make another schema; their order counts unless normalized', async () => {
    await register('shop.Money', money)
    await register('shop.Note', '{"type":"enum","name":"Note","namespace":"shop","symbols":["A"]}')
    const both = record({ name: 'price', type: 'shop.Money' }, { name: 'note', type: 'shop.Note' })
    const toNote = { name: 'shop.Note', subject: 'shop.Note', version: 1 }
    expect(await register('a', both, { references: [toMoney, toNote] })).toEqual({ id: 3 })
    expect(await register('b', both, { references: [toNote, toMoney] })).toEqual({ id: 4 })
    const normalized = await registry.call('POST', '/subjects/c/versions?normalize=true', {
      schema: both,
      references: [toNote, toMoney, toNote],
    })
    expect(normalized.body).toEqual({ id: 3 })
    await registry.call('PUT', '/config/d', { normalize: true })
    expect(await register('d', both, { references: [toNote, toMoney] })).toEqual({ id: 3 })
  })

  test('what is referred to can not be deleted: softly while the referrer lives, permanently while it is there at all', async () => {
    await register('shop.Money', money)
    await register('orders-value', withMoney, { references: [toMoney] })
    const del = async (path: string): Promise<unknown> => (await registry.call('DELETE', path)).body
    expect(await del('/subjects/shop.Money')).toMatchObject({ error_code: 42206 })
    expect(await del('/subjects/shop.Money/versions/1')).toMatchObject({ error_code: 42206 })
    await del('/subjects/orders-value')
    expect(await get('/subjects/shop.Money/versions/1/referencedby')).toEqual([])
    expect(await get('/subjects/shop.Money/versions/1/referencedby?deleted=true')).toEqual([2])
    expect(await del('/subjects/shop.Money/versions/1')).toBe(1)
    expect(await del('/subjects/shop.Money/versions/1?permanent=true')).toMatchObject({ error_code: 42206 })
    expect(await del('/subjects/shop.Money?permanent=true')).toMatchObject({ error_code: 42206 })
    await del('/subjects/orders-value?permanent=true')
    expect(await del('/subjects/shop.Money?permanent=true')).toEqual([1])
  })

  test('a subject whose versions refer to each other goes as a whole', async () => {
    await register('all', money)
    await registry.call('PUT', '/config/all', { compatibility: 'NONE' })
    await register('all', withMoney, { references: [{ ...toMoney, subject: 'all' }] })
    expect((await registry.call('DELETE', '/subjects/all/versions/1')).body).toMatchObject({ error_code: 42206 })
    expect((await registry.call('DELETE', '/subjects/all')).body).toEqual([1, 2])
    expect((await registry.call('DELETE', '/subjects/all?permanent=true')).body).toEqual([1, 2])
  })

  test('an old schema still reads when what it refers to is softly deleted', async () => {
    await register('shop.Money', money)
    await register('orders-value', withMoney, { references: [toMoney] })
    await registry.call('DELETE', '/subjects/orders-value')
    await registry.call('DELETE', '/subjects/shop.Money')
    expect((await registry.call('GET', '/schemas/ids/2/schema?format=resolved')).text).toContain('"amount"')
  })
})

describe('versions', () => {
  beforeEach(async () => {
    await register('orders-value', record(id))
    await register('orders-value', record(id, note))
  })

  test('one, the latest and -1', async () => {
    const first = await get('/subjects/orders-value/versions/1')
    expect(first).toEqual({
      subject: 'orders-value',
      version: 1,
      id: 1,
      schema: '{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"}]}',
    })
    const latest = await get('/subjects/orders-value/versions/latest')
    expect(latest).toMatchObject({ version: 2, id: 2 })
    expect(await get('/subjects/orders-value/versions/-1')).toEqual(latest)
  })

  test('the schema alone is the text itself', async () => {
    const { text } = await registry.call('GET', '/subjects/orders-value/versions/1/schema')
    expect(JSON.parse(text)).toMatchObject({ type: 'record', name: 'Order' })
  })

  test('lists leave softly deleted ones out unless asked for', async () => {
    await registry.call('DELETE', '/subjects/orders-value/versions/1')
    expect(await get('/subjects/orders-value/versions')).toEqual([2])
    expect(await get('/subjects/orders-value/versions?deleted=true')).toEqual([1, 2])
    expect(await get('/subjects/orders-value/versions?deletedOnly=true')).toEqual([1])
    expect(await get('/subjects/orders-value/versions?deleted=true&offset=1&limit=5')).toEqual([2])
    expect(await get('/subjects/orders-value/versions/1')).toMatchObject({ error_code: 40402 })
    expect(await get('/subjects/orders-value/versions/1?deleted=true')).toMatchObject({ id: 1 })
  })

  test('registering again after a soft delete: the old id, the next number', async () => {
    await registry.call('DELETE', '/subjects/orders-value')
    expect(await register('orders-value', record(id))).toEqual({ id: 1 })
    expect(await get('/subjects/orders-value/versions')).toEqual([3])
  })

  test('numbers of permanently deleted versions do not count', async () => {
    await registry.call('DELETE', '/subjects/orders-value')
    await registry.call('DELETE', '/subjects/orders-value?permanent=true')
    expect(await get('/schemas/ids/1')).toMatchObject({ error_code: 40403 })
    expect(await register('orders-value', record(id))).toEqual({ id: 3 })
    expect(await get('/subjects/orders-value/versions')).toEqual([1])
  })

  test('deleting the latest softly, then permanently', async () => {
    expect((await registry.call('DELETE', '/subjects/orders-value/versions/latest')).body).toBe(2)
    expect((await registry.call('DELETE', '/subjects/orders-value/versions/2?permanent=true')).body).toBe(2)
    expect(await get('/subjects/orders-value/versions?deleted=true')).toEqual([1])
    expect(await register('orders-value', record(id, note))).toEqual({ id: 3 })
    expect(await get('/subjects/orders-value/versions')).toEqual([1, 2])
  })
})
