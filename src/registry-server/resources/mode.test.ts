import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestRegistry, startTestRegistry } from '../../../test/support/registry-server.ts'

let registry: TestRegistry
beforeEach(async () => {
  registry = await startTestRegistry()
})
afterEach(() => registry.close())

const call = async (method: string, path: string, body?: object): Promise<unknown> =>
  (await registry.call(method, path, body)).body
const register = (subject: string, schema: string, more = {}) =>
  call('POST', `/subjects/${subject}/versions`, { schema, ...more })

test('the registry begins with READWRITE; a subject has a mode of its own or that of the registry', async () => {
  expect(await call('GET', '/mode')).toEqual({ mode: 'READWRITE' })
  expect(await call('GET', '/mode/orders')).toMatchObject({ error_code: 40409 })
  expect(await call('GET', '/mode/orders?defaultToGlobal=true')).toEqual({ mode: 'READWRITE' })
  expect(await call('PUT', '/mode/orders', { mode: 'readonly' })).toEqual({ mode: 'READONLY' })
  expect(await call('GET', '/mode/orders')).toEqual({ mode: 'READONLY' })
  expect(await call('DELETE', '/mode/orders')).toEqual({ mode: 'READONLY' })
  expect(await call('DELETE', '/mode/orders')).toMatchObject({ error_code: 40401 })
  await call('PUT', '/mode', { mode: 'READONLY' })
  expect(await call('DELETE', '/mode')).toEqual({ mode: 'READONLY' })
  expect(await call('GET', '/mode')).toEqual({ mode: 'READWRITE' })
})

describe('READONLY', () => {
  beforeEach(async () => {
    await register('orders', '"string"')
    await call('PUT', '/mode', { mode: 'READONLY' })
  })

  test('refuses every change, and still gives the id of what is there', async () => {
    const refused = { error_code: 42205 }
    expect(await register('orders', '"string"')).toEqual({ id: 1 })
    expect(await register('orders', '"bytes"')).toMatchObject(refused)
    expect(await register('new', '"string"')).toMatchObject(refused)
    expect(await call('PUT', '/config', { compatibility: 'NONE' })).toMatchObject(refused)
    expect(await call('PUT', '/config/orders', { compatibility: 'NONE' })).toMatchObject(refused)
    expect(await call('DELETE', '/config')).toMatchObject(refused)
    expect(await call('DELETE', '/subjects/orders')).toMatchObject(refused)
    expect(await call('DELETE', '/subjects/orders/versions/1')).toMatchObject(refused)
  })

  test('a subject may be writable all the same, unless the registry overrides it', async () => {
    await call('PUT', '/mode/orders', { mode: 'READWRITE' })
    expect(await register('orders', '"bytes"')).toEqual({ id: 2 })
    await call('PUT', '/mode', { mode: 'READONLY_OVERRIDE' })
    expect(await call('DELETE', '/subjects/orders')).toMatchObject({ error_code: 42205 })
    expect(await call('GET', '/mode/orders')).toEqual({ mode: 'READWRITE' })
  })
})

describe('IMPORT', () => {
  test('takes ids and versions as they are given, in any order, without a check of compatibility', async () => {
    await call('PUT', '/mode/orders', { mode: 'IMPORT' })
    expect(await register('orders', '"long"', { id: 77_001, version: 3 })).toEqual({ id: 77_001 })
    expect(await register('orders', '"string"', { id: 12, version: 1 })).toEqual({ id: 12 })
    expect(await register('orders', '"int"', { id: 13 })).toEqual({ id: 13 })
    expect(await call('GET', '/subjects/orders/versions')).toEqual([1, 3, 4])
    expect(await register('other', '"bytes"')).toEqual({ id: 77_002 })
  })

  test('takes no metadata over from the version before', async () => {
    await call('PUT', '/mode/orders', { mode: 'IMPORT' })
    await register('orders', '"long"', { id: 1, metadata: { properties: { owner: 'a' } } })
    await register('orders', '"string"', { id: 2 })
    expect(await call('GET', '/schemas/ids/2')).toEqual({ schema: '"string"' })
  })

  test('never gives what is taken a new meaning', async () => {
    await register('other', '"string"')
    await call('PUT', '/mode/orders', { mode: 'IMPORT' })
    expect(await register('orders', '"long"', { id: 1 })).toMatchObject({ error_code: 42205 })
    expect(await register('orders', '"string"', { id: 1, version: 1 })).toEqual({ id: 1 })
    expect(await register('orders', '"string"', { id: 1, version: 1 })).toEqual({ id: 1 })
    expect(await register('orders', '"string"', { id: 5, version: 1 })).toMatchObject({ error_code: 42207 })
    expect(await register('orders', '"int"', { id: 6, version: 1 })).toMatchObject({ error_code: 42205 })
    expect(await register('orders', '"int"')).toMatchObject({ error_code: 42205 })
  })

  test('an id that is gone may mean something else; the old schema then gets another one', async () => {
    await call('PUT', '/mode/orders', { mode: 'IMPORT' })
    await register('orders', '"long"', { id: 5 })
    expect(await register('first', '"bytes"')).toEqual({ id: 6 })
    await call('DELETE', '/subjects/orders')
    await call('DELETE', '/subjects/orders?permanent=true')
    await call('PUT', '/mode/orders', { mode: 'IMPORT' })
    await register('orders', '"string"', { id: 5 })
    expect(await register('other', '"long"')).toEqual({ id: 7 })
    expect(await register('copy', '"string"')).toEqual({ id: 5 })
  })

  test('brings a softly deleted version back', async () => {
    await call('PUT', '/mode/orders', { mode: 'IMPORT' })
    await register('orders', '"string"', { id: 9, version: 2 })
    await call('DELETE', '/subjects/orders')
    expect(await register('orders', '"string"', { id: 8, version: 2 })).toMatchObject({ error_code: 42207 })
    expect(await register('orders', '"string"', { id: 9, version: 2 })).toEqual({ id: 9 })
    expect(await call('GET', '/subjects/orders/versions')).toEqual([2])
  })

  test('begins with nothing: refused over live schemas unless forced, softly deleted ones go', async () => {
    await register('orders', '"string"')
    await register('other', '"string"')
    expect(await call('PUT', '/mode/orders', { mode: 'IMPORT' })).toMatchObject({ error_code: 42205 })
    await call('DELETE', '/subjects/orders')
    expect(await call('PUT', '/mode/orders', { mode: 'IMPORT' })).toEqual({ mode: 'IMPORT' })
    expect(await call('GET', '/subjects?deleted=true')).toEqual(['other'])
    expect(await call('PUT', '/mode', { mode: 'IMPORT' })).toMatchObject({ error_code: 42205 })
    expect(await call('PUT', '/mode?force=true', { mode: 'IMPORT' })).toEqual({ mode: 'IMPORT' })
    expect(await call('GET', '/subjects')).toEqual(['other'])
  })

  test('does not take away what others refer to', async () => {
    await register('Money', '{"type":"fixed","name":"Money","size":8}')
    const references = [{ name: 'Money', subject: 'Money', version: 1 }]
    await register('orders', '{"type":"array","items":"Money"}', { references })
    await call('DELETE', '/subjects/orders')
    await call('DELETE', '/subjects/Money')
    expect(await call('PUT', '/mode/Money', { mode: 'IMPORT' })).toMatchObject({ error_code: 42206 })
    expect(await call('PUT', '/mode', { mode: 'IMPORT' })).toEqual({ mode: 'IMPORT' })
    expect(await call('GET', '/subjects?deleted=true')).toEqual([])
  })

  test('an id is for IMPORT only', async () => {
    expect(await register('orders', '"string"', { id: 5 })).toMatchObject({ error_code: 42205 })
    expect(await register('orders', '"string"', { id: -1, version: 0 })).toEqual({ id: 1 })
    expect(await register('orders', '"string"', { id: 1 })).toEqual({ id: 1 })
    expect(await register('orders', '"string"', { id: 2 })).toMatchObject({ error_code: 42207 })
  })
})
