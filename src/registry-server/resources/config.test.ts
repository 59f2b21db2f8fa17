import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestRegistry, startTestRegistry } from '../../../test/support/registry-server.ts'

let registry: TestRegistry
beforeEach(async () => {
  registry = await startTestRegistry()
})
afterEach(() => registry.close())

const call = async (method: string, path: string, body?: object): Promise<unknown> =>
  (await registry.call(method, path, body)).body

test('the registry begins with BACKWARD and goes back to it', async () => {
  expect(await call('GET', '/config')).toEqual({ compatibilityLevel: 'BACKWARD' })
  expect(await call('PUT', '/config', { compatibility: 'full' })).toEqual({ compatibility: 'FULL' })
  expect(await call('GET', '/config')).toEqual({ compatibilityLevel: 'FULL' })
  expect(await call('DELETE', '/config')).toEqual({ compatibilityLevel: 'FULL' })
  expect(await call('GET', '/config')).toEqual({ compatibilityLevel: 'BACKWARD' })
})

test('a subject has a level of its own, or that of the registry', async () => {
  expect(await call('GET', '/config/orders')).toMatchObject({ error_code: 40408 })
  expect(await call('GET', '/config/orders?defaultToGlobal=true')).toEqual({ compatibilityLevel: 'BACKWARD' })
  expect(await call('PUT', '/config/orders', { compatibility: 'NONE' })).toEqual({ compatibility: 'NONE' })
  expect(await call('GET', '/config/orders')).toEqual({ compatibilityLevel: 'NONE' })
  expect(await call('DELETE', '/config/orders')).toEqual({ compatibilityLevel: 'NONE' })
  expect(await call('DELETE', '/config/orders')).toMatchObject({ error_code: 40401 })
  expect(await call('GET', '/config/orders')).toMatchObject({ error_code: 40408 })
})

test('settings that are not named stay as they were', async () => {
  await call('PUT', '/config/orders', { compatibility: 'FULL' })
  expect(await call('PUT', '/config/orders', { normalize: true })).toEqual({ normalize: true })
  expect(await call('GET', '/config/orders')).toEqual({ compatibilityLevel: 'FULL', normalize: true })
})

test.each([
  {},
  { compatibility: null },
  { compatibility: 'SOMETIMES' },
  { compatibility: 7 },
  { compatibility: ['FULL'] },
])('the level %j is refused', async (body) => {
  const answer = await registry.call('PUT', '/config', body)
  expect(answer.status).toBe(422)
  expect(answer.body).toMatchObject({ error_code: 42203 })
})

test('settings that would change answers and are not built are refused, not ignored', async () => {
  const refused = await registry.call('PUT', '/config/orders', { compatibility: 'FULL', alias: 'other' })
  expect(refused).toMatchObject({ status: 501, body: { error_code: 501 } })
  expect(await call('GET', '/config/orders')).toMatchObject({ error_code: 40408 })
})
