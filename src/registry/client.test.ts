import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CuttingProxy, type Intervention, type Seen, startCuttingProxy } from '../../test/support/cutting-proxy.ts'
import { type TestRegistry, startTestRegistry } from '../../test/support/registry-server.ts'
import { createRegistryClient } from './client.ts'
import type { RegistryClient } from './registry.ts'

const record = (...fields: unknown[]): string => JSON.stringify({ type: 'record', name: 'Order', fields })
const id = { name: 'id', type: 'long' }
const note = { name: 'note', type: ['null', 'string'], default: null }
const required = { name: 'email', type: 'string' }

let registry: TestRegistry
const open: { close(): unknown }[] = []
beforeEach(async () => {
  registry = await startTestRegistry()
})
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
  await registry.close()
})

function client(url = registry.url, timeoutMs = 15_000): RegistryClient {
  const made = createRegistryClient({ url }, { timeoutMs })
  open.push(made)
  return made
}
async function behind(intervene: (seen: Seen, count: number) => Intervention): Promise<CuttingProxy> {
  const proxy = await startCuttingProxy(registry.url, intervene)
  open.push(proxy)
  return proxy
}

describe('what a registry is asked', () => {
  test('registering, reading, looking up', async () => {
    const sr = client()
    expect(await sr.register('orders-value', { schema: record(id) })).toBe(1)
    expect(await sr.register('orders-value', { schema: record(id, note) })).toBe(2)
    expect(await sr.subjects()).toEqual(['orders-value'])
    expect(await sr.versions('orders-value')).toEqual([1, 2])
    const first = { subject: 'orders-value', version: 1, id: 1, type: 'AVRO', schema: record(id), references: [] }
    expect(await sr.version('orders-value', 1)).toMatchObject({ ...first, schema: expect.stringContaining('"id"') })
    expect(await sr.version('orders-value', 'latest')).toMatchObject({ version: 2, id: 2 })
    expect(await sr.schema(1)).toMatchObject({ id: 1, type: 'AVRO', references: [] })
    expect(await sr.lookup('orders-value', { schema: record(id) })).toMatchObject({ version: 1 })
    expect(await sr.latestVersions()).toMatchObject([{ subject: 'orders-value', version: 2 }])
  })

  test('references', async () => {
    const sr = client()
    await sr.register('Money', { schema: '{"type":"fixed","name":"Money","size":8}' })
    const references = [{ name: 'Money', subject: 'Money', version: 1 }]
    const prices = { schema: '{"type":"array","items":"Money"}', references }
    expect(await sr.register('prices-value', prices)).toBe(2)
    expect(await sr.schema(2)).toMatchObject({ references })
    expect(await sr.lookup('prices-value', prices)).toMatchObject({ id: 2, references })
    expect(await sr.referencedBy('Money', 1)).toEqual([2])
    expect(await sr.referencedBy('prices-value', 1)).toEqual([])
    expect(await sr.check('prices-value', prices, 'all')).toEqual({ compatible: true, messages: [] })
  })

  test('checks', async () => {
    const sr = client()
    await sr.register('orders-value', { schema: record(id) })
    const bad = await sr.check('orders-value', { schema: record(id, required) }, 'latest')
    expect(bad?.compatible).toBe(false)
    expect(bad?.messages.join()).toContain('READER_FIELD_MISSING_DEFAULT_VALUE')
    for (const versions of ['latest', 'all', 1] as const)
      expect(await sr.check('orders-value', { schema: record(id, note) }, versions)).toEqual({
        compatible: true,
        messages: [],
      })
    expect(await sr.check('orders-value', { schema: record(id) }, 7)).toBeUndefined()
    for (const versions of ['latest', 'all'] as const)
      expect(await sr.check('new-value', { schema: record(id) }, versions)).toEqual({ compatible: true, messages: [] })
    expect(await sr.check('orders-value', { schema: '{"type":"recor"}' }, 'latest')).toMatchObject({
      compatible: false,
    })
  })

  test('levels and modes', async () => {
    const sr = client()
    expect(await sr.globalLevel()).toBe('BACKWARD')
    expect(await sr.level('orders-value')).toBeUndefined()
    await sr.setLevel('orders-value', 'FULL_TRANSITIVE')
    await sr.setLevel(undefined, 'NONE')
    expect(await sr.level('orders-value')).toBe('FULL_TRANSITIVE')
    expect(await sr.globalLevel()).toBe('NONE')
    expect(await sr.mode()).toBe('READWRITE')
    expect(await sr.mode('orders-value')).toBe('READWRITE')
    await registry.call('PUT', '/mode/orders-value', { mode: 'IMPORT' })
    expect(await sr.mode('orders-value')).toBe('IMPORT')
    await registry.call('PUT', '/mode', { mode: 'READONLY_OVERRIDE' })
    expect(await sr.mode('orders-value')).toBe('READONLY_OVERRIDE')
  })

  test('a subject with settings but no level has none of its own', async () => {
    await registry.call('PUT', '/config/orders-value', { normalize: true })
    expect(await client().level('orders-value')).toBeUndefined()
  })

  test('deletions, soft before permanent; what is gone is undefined', async () => {
    const sr = client()
    await sr.register('a', { schema: '"int"' })
    await sr.register('a', { schema: '"long"' })
    await expect(sr.deleteVersion('a', 1, 'permanent')).rejects.toMatchObject({
      code: 'registry-refused',
      parts: { details: { errorCode: 40407 } },
    })
    expect(await sr.deleteVersion('a', 1, 'soft')).toBe(1)
    expect(await sr.deleteVersion('a', 1, 'soft')).toBeUndefined()
    expect(await sr.deleteVersion('a', 1, 'permanent')).toBe(1)
    expect(await sr.deleteVersion('a', 1, 'permanent')).toBeUndefined()
    expect(await sr.deleteSubject('a', 'soft')).toEqual([2])
    expect(await sr.deleteSubject('a', 'soft')).toBeUndefined()
    expect(await sr.subjects({ deleted: true })).toEqual(['a'])
    expect(await sr.deleteSubject('a', 'permanent')).toEqual([2])
    expect(await sr.deleteSubject('a', 'permanent')).toBeUndefined()
  })

  test('what is not there is undefined', async () => {
    const sr = client()
    expect(await sr.versions('none')).toBeUndefined()
    expect(await sr.version('none', 'latest')).toBeUndefined()
    expect(await sr.lookup('none', { schema: '"int"' })).toBeUndefined()
    expect(await sr.schema(99)).toBeUndefined()
    await sr.register('a', { schema: '"int"' })
    expect(await sr.version('a', 2)).toBeUndefined()
    expect(await sr.lookup('a', { schema: '"long"' })).toBeUndefined()
  })

  test.each(['a/b', 'ünï-值', '..', 'with space', 'a%2Fb', '?&=#'])('a subject called %s', async (subject) => {
    const sr = client()
    await sr.register(subject, { schema: '"int"' })
    expect(await sr.subjects({ prefix: subject })).toEqual([subject])
    expect(await sr.version(subject, 1)).toMatchObject({ subject })
  })

  test('a url with a path and a slash at the end', async () => {
    const proxy = await behind((seen) => {
      if (!seen.path.startsWith('/sub/path/subjects?')) return { status: 404, body: 'elsewhere' }
      return { status: 200, body: '["x"]' }
    })
    const sr = client(`${proxy.url}/sub/path/`)
    expect(sr.url).toBe(`${proxy.url}/sub/path`)
    expect(await sr.subjects()).toEqual(['x'])
  })
})

describe('how it is asked', () => {
  test('an id is read once, also by many at the same time; what is not there is asked for again', async () => {
    const proxy = await behind(() => undefined)
    const sr = client(proxy.url)
    expect(await sr.schema(1)).toBeUndefined()
    await registry.call('POST', '/subjects/a/versions', { schema: '"int"' })
    const all = await Promise.all(Array.from({ length: 20 }, () => sr.schema(1)))
    await sr.schema(1)
    expect(new Set(all).size).toBe(1)
    expect(proxy.seen.filter((seen) => seen.path === '/schemas/ids/1')).toHaveLength(2)
  })

  test('a failed read of an id is not kept', async () => {
    await registry.call('POST', '/subjects/a/versions', { schema: '"int"' })
    const proxy = await behind((_, count) => (count === 0 ? { status: 403, body: '{}' } : undefined))
    const sr = client(proxy.url)
    await expect(sr.schema(1)).rejects.toMatchObject({ code: 'registry-unauthorised' })
    expect(await sr.schema(1)).toMatchObject({ schema: '"int"' })
  })

  test('at most 16 requests are under way', async () => {
    const proxy = await behind(() => ({ status: 200, body: '[1]', afterMs: 30 }))
    const sr = client(proxy.url)
    await Promise.all(Array.from({ length: 60 }, (_, i) => sr.versions(`s${i}`)))
    expect(proxy.seen).toHaveLength(60)
    expect(proxy.mostAtOnce()).toBe(16)
  })

  test('long lists come page by page, with few requests', async () => {
    const names = Array.from({ length: 2300 }, (_, i) => `orders-${String(i).padStart(4, '0')}`)
    const proxy = await behind((seen) => {
      const query = new URL(seen.path, 'http://x').searchParams
      const [offset, limit] = [Number(query.get('offset')), Math.min(1000, Number(query.get('limit')))]
      const page = names.slice(offset, offset + limit)
      const schemas = page.map((subject) => ({ subject, version: 3, id: 7, schema: '"int"' }))
      return { status: 200, body: JSON.stringify(seen.path.startsWith('/schemas') ? schemas : page) }
    })
    const sr = client(proxy.url)
    expect(await sr.subjects()).toEqual(names)
    expect(proxy.seen).toHaveLength(3)
    expect((await sr.latestVersions()).map(({ subject }) => subject)).toEqual(names)
    expect(proxy.seen).toHaveLength(6)
  })

  test.each([1000, 1200])('a registry that knows no pages and has %d subjects gives each once', async (count) => {
    const names = Array.from({ length: count }, (_, i) => `s${i}`)
    const proxy = await behind(() => ({ status: 200, body: JSON.stringify(names) }))
    expect(await client(proxy.url).subjects()).toEqual(names)
    expect(proxy.seen.length).toBeLessThanOrEqual(2)
  })
})

describe('trying again', () => {
  const once =
    (what: Intervention) =>
    (_: Seen, count: number): Intervention =>
      count === 0 ? what : undefined
  const passing = { status: 503, body: '{"error_code":50003,"message":"Error while forwarding"}' }

  test.each<[string, Intervention]>([
    ['a 503', passing],
    ['a 502 of something between', { status: 502, body: '<html>' }],
    ['a cut connection', 'cut'],
  ])('after %s, what may be repeated is', async (_, fault) => {
    const proxy = await behind(once(fault))
    const sr = client(proxy.url)
    expect(await sr.register('a', { schema: '"int"' })).toBe(1)
    expect(await sr.versions('a')).toEqual([1])
    expect(await sr.lookup('a', { schema: '"int"' })).toMatchObject({ id: 1 })
    expect(await sr.check('a', { schema: '"int"' }, 'latest')).toMatchObject({ compatible: true })
    await sr.setLevel('a', 'FULL')
    expect(proxy.seen).toHaveLength(10)
  })

  test.each<[Intervention, string]>([
    [passing, 'registry-refused'],
    ['cut', 'registry-unreachable'],
  ])('a deletion is not repeated after %j', async (fault, code) => {
    await registry.call('POST', '/subjects/a/versions', { schema: '"int"' })
    const proxy = await behind(once(fault))
    const sr = client(proxy.url)
    await expect(sr.deleteSubject('a', 'soft')).rejects.toMatchObject({ code })
    expect(proxy.seen).toHaveLength(1)
    expect(await sr.deleteSubject('a', 'soft')).toEqual([1])
  })

  test('429 was not looked at: even a deletion is tried again', async () => {
    await registry.call('POST', '/subjects/a/versions', { schema: '"int"' })
    const proxy = await behind(once({ status: 429, body: '{}' }))
    expect(await client(proxy.url).deleteSubject('a', 'soft')).toEqual([1])
  })

  test('three times at most; 501 and refusals not at all', async () => {
    const proxy = await behind((seen) =>
      seen.path.includes('/a/') ? passing : { status: 501, body: '{"error_code":501,"message":"not built"}' },
    )
    const sr = client(proxy.url)
    await expect(sr.versions('a')).rejects.toMatchObject({
      code: 'registry-refused',
      parts: { said: 'Error while forwarding' },
    })
    expect(proxy.seen).toHaveLength(3)
    await expect(sr.versions('b')).rejects.toMatchObject({ code: 'registry-refused' })
    expect(proxy.seen).toHaveLength(4)
  })

  test('connections are kept; one that the registry ended while it was idle does no harm', async () => {
    const sr = client()
    await sr.subjects()
    const port = Number(new URL(registry.url).port)
    await registry.close()
    registry = await startTestRegistry(registry.log, { port })
    expect(await sr.subjects()).toEqual([])
  })
})
