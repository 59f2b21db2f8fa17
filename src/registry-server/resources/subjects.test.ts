import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestRegistry, startTestRegistry } from '../../../test/support/registry-server.ts'

let registry: TestRegistry
beforeEach(async () => {
  registry = await startTestRegistry()
})
afterEach(() => registry.close())

const get = async (path: string): Promise<unknown> => (await registry.call('GET', path)).body
const del = async (path: string): Promise<unknown> => (await registry.call('DELETE', path)).body
const register = (subject: string, schema = '"string"') =>
  registry.call('POST', `/subjects/${encodeURIComponent(subject)}/versions`, { schema })

test('names come in order, by prefix and page', async () => {
  for (const subject of ['payments-value', 'orders-value', 'orders-key']) await register(subject)
  expect(await get('/subjects')).toEqual(['orders-key', 'orders-value', 'payments-value'])
  expect(await get('/subjects?subjectPrefix=orders')).toEqual(['orders-key', 'orders-value'])
  expect(await get('/subjects?subjectPrefix=:*:')).toHaveLength(3)
  expect(await get('/subjects?subjectPrefix=:.:pay')).toEqual(['payments-value'])
  expect(await get('/subjects?subjectPrefix=:.other:')).toEqual([])
  expect(await get('/subjects?subjectPrefix=pay?&offset=0')).toEqual([])
  expect(await get('/subjects?offset=1&limit=1')).toEqual(['orders-value'])
  expect(await get('/subjects?offset=2&limit=-1')).toEqual(['payments-value'])
  expect(await get('/subjects?offset=x')).toMatchObject({ error_code: 400 })
})

test('a softly deleted subject is listed on demand, and gone when permanently deleted', async () => {
  await register('a')
  await register('b')
  expect(await del('/subjects/a')).toEqual([1])
  expect(await get('/subjects')).toEqual(['b'])
  expect(await get('/subjects?deleted=true')).toEqual(['a', 'b'])
  expect(await get('/subjects?deletedOnly=true')).toEqual(['a'])
  expect(await get('/subjects/a/versions')).toMatchObject({ error_code: 40401 })
  expect(await del('/subjects/a?permanent=true')).toEqual([1])
  expect(await get('/subjects?deleted=true')).toEqual(['b'])
})

test('a permanent delete leaves no config and no mode to the next subject of the name', async () => {
  await register('a')
  await registry.call('PUT', '/config/a', { compatibility: 'FULL' })
  await registry.call('PUT', '/mode/a', { mode: 'READWRITE' })
  await del('/subjects/a')
  expect(await get('/config/a')).toEqual({ compatibilityLevel: 'FULL' })
  await del('/subjects/a?permanent=true')
  expect(await get('/config/a')).toMatchObject({ error_code: 40408 })
  expect(await get('/mode/a')).toMatchObject({ error_code: 40409 })
})

test('a lookup finds the newest version that holds the schema', async () => {
  await register('a', '"string"')
  await registry.call('PUT', '/config/a', { compatibility: 'NONE' })
  await register('a', '"bytes"')
  const lookUp = async (query = '', schema = '"string"'): Promise<unknown> =>
    (await registry.call('POST', `/subjects/a${query}`, { schema })).body
  expect(await lookUp('', '{"type":"string"}')).toEqual({ subject: 'a', version: 1, id: 1, schema: '"string"' })
  expect(await lookUp('', '"long"')).toMatchObject({ error_code: 40403 })
  await del('/subjects/a/versions/1')
  expect(await lookUp()).toMatchObject({ error_code: 40403 })
  expect(await lookUp('?deleted=true')).toMatchObject({ version: 1 })
  await register('a', '"string"')
  expect(await lookUp('?deleted=true&normalize=true')).toMatchObject({ version: 3 })
})

test.each([
  'with/slash',
  'dots..and.',
  '..',
  'with space',
  'ünï-cödé-値',
  'a%2Fb',
  'plus+and&equals=',
  ':colon:',
  'constructor',
  '__proto__',
])('a subject may be called %s', async (subject) => {
  const encoded = encodeURIComponent(subject)
  expect((await register(subject)).body).toEqual({ id: 1 })
  expect(await get('/subjects')).toEqual([subject])
  expect(await get(`/subjects/${encoded}/versions`)).toEqual([1])
  expect(await get(`/subjects/${encoded}/versions/latest`)).toMatchObject({ subject })
  expect(await get('/schemas/ids/1/subjects')).toEqual([subject])
  expect(await del(`/subjects/${encoded}`)).toEqual([1])
})

test('the default context may be named, no other one is served', async () => {
  await register('orders')
  expect(await get('/subjects/:.:orders/versions')).toEqual([1])
  expect(await get('/subjects/%3A.%3Aorders/versions/1')).toMatchObject({ subject: 'orders' })
  expect(await get('/subjects/:.other:orders/versions')).toMatchObject({ error_code: 42208 })
})
