// The client with a registry that lacks and words things as Karapace does: a proxy before our own takes them away.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CuttingProxy, type Intervention, type Seen, startCuttingProxy } from '../../test/support/cutting-proxy.ts'
import { type TestRegistry, startTestRegistry } from '../../test/support/registry-server.ts'
import { createRegistryClient } from './client.ts'
import type { RegistryClient } from './registry.ts'

const record = (...fields: unknown[]): string => JSON.stringify({ type: 'record', name: 'Order', fields })
const id = { name: 'id', type: 'long' }
const textId = { name: 'id', type: 'string' }
const note = { name: 'note', type: 'string', default: '' }

/** Bodies with which registries say that an endpoint is missing. */
const missing: readonly (readonly [title: string, answer: Intervention])[] = [
  ['404 with a code', { status: 404, body: '{"error_code":404,"message":"HTTP 404 Not Found"}' }],
  ['405 without a code', { status: 405, body: '{"detail":"Method Not Allowed"}' }],
  ['404 without a code', { status: 404, body: '{"message":"Not Found"}' }],
  ['404 without JSON', { status: 404, body: 'Not Found', headers: { 'content-type': 'text/plain' } }],
]
const noSubject = (error: object): Intervention => ({ status: 404, body: JSON.stringify(error) })

let registry: TestRegistry
let proxy: CuttingProxy
let sr: RegistryClient
let intervene: (seen: Seen) => Intervention
beforeEach(async () => {
  registry = await startTestRegistry()
  proxy = await startCuttingProxy(registry.url, (seen) => intervene(seen))
  sr = createRegistryClient({ url: proxy.url })
  intervene = () => undefined
})
afterEach(async () => {
  sr.close()
  await proxy.close()
  await registry.close()
})

const level = (compatibility: string) => registry.call('PUT', '/config/orders', { compatibility })
const asked = (): string[] => proxy.seen.splice(0).map((seen) => `${seen.method} ${seen.path.split('?')[0]}`)
const checkAll = 'POST /compatibility/subjects/orders/versions'

describe.each(missing)('the check against all versions is missing: %s', (_, answer) => {
  beforeEach(async () => {
    intervene = ({ method, path }) => (`${method} ${path}`.startsWith(`${checkAll}?`) ? answer : undefined)
    await level('NONE')
    for (const schema of [record(textId), record(id)]) await sr.register('orders', { schema })
    asked()
  })

  test('a transitive level compares with each version, one by one', async () => {
    await level('BACKWARD_TRANSITIVE')
    expect(await sr.check('orders', { schema: record(id, note) }, 'all')).toMatchObject({ compatible: false })
    expect(asked().sort()).toEqual([
      'GET /config/orders',
      'GET /subjects/orders/versions',
      checkAll,
      `${checkAll}/1`,
      `${checkAll}/2`,
    ])
    expect(await sr.check('orders', { schema: record({ name: 'id', type: ['long', 'string'] }) }, 'all')).toEqual({
      compatible: true,
      messages: [],
    })
    expect(asked()).not.toContain(checkAll)
  })

  test('any other level compares with the latest', async () => {
    await level('BACKWARD')
    expect(await sr.check('orders', { schema: record(id, note) }, 'all')).toMatchObject({ compatible: true })
    expect(asked()).toContain(`${checkAll}/latest`)
    expect(await sr.check('orders', { schema: record(textId) }, 'all')).toMatchObject({ compatible: false })
  })

  test('the global level counts where the subject has none', async () => {
    await registry.call('DELETE', '/config/orders')
    await registry.call('PUT', '/config', { compatibility: 'FULL_TRANSITIVE' })
    expect(await sr.check('orders', { schema: record(id, note) }, 'all')).toMatchObject({ compatible: false })
  })
})

describe.each<[string, Intervention]>([
  ['with its code', noSubject({ error_code: 40401, message: "Subject 'new' not found." })],
  ['without a code', noSubject({ message: 'Subject not found' })],
])('an unknown subject in a check is 404 %s', (_, answer) => {
  beforeEach(() => {
    intervene = ({ path }) => (path.startsWith('/compatibility/subjects/new/') ? answer : undefined)
  })

  test.each(['latest', 'all'] as const)('against %s: nothing to compare with', async (versions) => {
    expect(await sr.check('new', { schema: record(id) }, versions)).toEqual({ compatible: true, messages: [] })
  })

  test('against version 1: there is none', async () => {
    expect(await sr.check('new', { schema: record(id) }, 1)).toBeUndefined()
  })
})

test('a 404 for a subject that has versions is never taken for compatible', async () => {
  await sr.register('orders', { schema: record(id) })
  for (const error of [{ message: 'Not Found' }, { error_code: 40401, message: 'some other subject' }]) {
    intervene = ({ path }) => (path.startsWith('/compatibility') ? noSubject(error) : undefined)
    for (const versions of ['latest', 'all'] as const)
      await expect(sr.check('orders', { schema: record(id) }, versions)).rejects.toMatchObject({
        code: 'registry-refused',
      })
  }
})

test.each([40401, 40408, 40409])('no level or mode of its own, told by %d', async (code) => {
  intervene = ({ method, path }) =>
    method === 'GET' && /^\/(config|mode)\/./.test(path) ? noSubject({ error_code: code, message: 'no' }) : undefined
  expect(await sr.level('orders')).toBeUndefined()
  expect(await sr.mode('orders')).toBe('READWRITE')
})

test('the prefix of a list is ignored', async () => {
  intervene = ({ path }) => (path.startsWith('/subjects?') ? { status: 200, body: '["a-1","b-1"]' } : undefined)
  expect(await sr.subjects({ prefix: 'b' })).toEqual(['b-1'])
})

describe.each(missing)('the list of schemas is missing: %s', (_, answer) => {
  test('the latest versions are read one by one, and the list is not asked for again', async () => {
    for (const subject of ['a', 'b', 'c']) await sr.register(subject, { schema: '"int"' })
    intervene = ({ path }) => (path.startsWith('/schemas?') ? answer : undefined)
    asked()
    expect((await sr.latestVersions({ prefix: '' })).map(({ subject }) => subject)).toEqual(['a', 'b', 'c'])
    expect(asked()).toHaveLength(5)
    expect(await sr.latestVersions({ prefix: 'c' })).toMatchObject([{ subject: 'c', version: 1 }])
    expect(asked()).toEqual(['GET /subjects', 'GET /subjects/c/versions/latest'])
  })
})

test('a list of schemas that gives every version is read as the newest ones', async () => {
  const versions = [1, 3, 2].map((version) => ({ subject: 'a', version, id: version, schema: '"int"' }))
  intervene = () => ({ status: 200, body: JSON.stringify(versions) })
  expect(await sr.latestVersions()).toMatchObject([{ subject: 'a', version: 3 }])
})

test.each([
  ['{"message":["first","second"],"error_code":42201}', 'first\nsecond'],
  ['{"message":[{"loc":["body"],"msg":"bad"}]}', '{"loc":["body"],"msg":"bad"}'],
  ['{"error":"Internal"}', '{"error":"Internal"}'],
])('a refusal of the form %s', async (body, said) => {
  intervene = () => ({ status: 422, body })
  await expect(sr.register('a', { schema: '"int"' })).rejects.toMatchObject({
    code: 'registry-refused',
    parts: { said },
  })
})

test.each(['"one text"', '["one text"]', 'null'])('messages of a check of the form %s', async (messages) => {
  intervene = () => ({ status: 200, body: `{"is_compatible":false,"messages":${messages}}` })
  const { messages: read } = (await sr.check('a', { schema: '"int"' }, 'latest'))!
  expect(read).toEqual(messages === 'null' ? [] : ['one text'])
})
