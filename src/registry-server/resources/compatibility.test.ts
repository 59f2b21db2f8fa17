import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestRegistry, startTestRegistry } from '../../../test/support/registry-server.ts'

const record = (...fields: unknown[]): string => JSON.stringify({ type: 'record', name: 'Order', fields })
const id = { name: 'id', type: 'long' }
const note = { name: 'note', type: 'string', default: '' }
const required = { name: 'note', type: 'string' }

let registry: TestRegistry
beforeEach(async () => {
  registry = await startTestRegistry()
})
afterEach(() => registry.close())

const check = async (version: string, schema: string, more = {}): Promise<unknown> =>
  (await registry.call('POST', `/compatibility/subjects/orders/versions${version}`, { schema, ...more })).body
const register = (schema: string, more = {}) => registry.call('POST', '/subjects/orders/versions', { schema, ...more })
const level = (compatibility: string) => registry.call('PUT', '/config/orders', { compatibility })

test('the subject that has no versions goes with everything, but has no version 1', async () => {
  expect(await check('/latest', record(id))).toEqual({ is_compatible: true })
  expect(await check('', record(id))).toEqual({ is_compatible: true })
  expect(await check('/1', record(id))).toMatchObject({ error_code: 40402 })
})

describe('with versions [id, note=""] and [id]', () => {
  beforeEach(async () => {
    await register(record(id, note))
    await register(record(id))
  })

  // The schema with a required note reads version 1 and not version 2.
  test.each([
    ['NONE', true, true, true],
    ['BACKWARD', false, false, true],
    ['BACKWARD_TRANSITIVE', false, false, true],
    ['FORWARD', true, true, true],
    ['FORWARD_TRANSITIVE', true, true, true],
    ['FULL', false, false, true],
    ['FULL_TRANSITIVE', false, false, true],
  ])('%s: a required note against latest %s, all %s, version 1 %s', async (name, latest, all, first) => {
    await level(name)
    const next = record(id, required)
    expect(await check('/latest', next)).toEqual({ is_compatible: latest })
    expect(await check('', next)).toEqual({ is_compatible: all })
    expect(await check('/1', next)).toEqual({ is_compatible: first })
    expect((await register(next)).status).toBe(all ? 200 : 409)
  })

  test('all versions are compared only under a transitive level, one version is under any', async () => {
    await registry.call('DELETE', '/subjects/orders')
    await level('NONE')
    await register(record({ name: 'id', type: 'string' }))
    await register(record(id))
    const next = record(id, note)
    await level('BACKWARD')
    expect(await check('', next)).toEqual({ is_compatible: true })
    expect(await check('/3', next)).toEqual({ is_compatible: false })
    await level('BACKWARD_TRANSITIVE')
    expect(await check('/latest', next)).toEqual({ is_compatible: true })
    expect(await check('', next)).toEqual({ is_compatible: false })
    expect((await register(next)).status).toBe(409)
  })

  test('softly deleted versions are not compared with', async () => {
    await registry.call('DELETE', '/subjects/orders/versions/2')
    expect(await check('/latest', record(id, required))).toEqual({ is_compatible: true })
    expect(await check('/2', record(id, required))).toMatchObject({ error_code: 40402 })
  })

  test('verbose tells why, also that the schema is invalid', async () => {
    const bad = (await check('/latest?verbose=true', record(id, required))) as { messages: string[] }
    expect(bad).toMatchObject({ is_compatible: false })
    expect(bad.messages[0]).toContain('READER_FIELD_MISSING_DEFAULT_VALUE')
    expect(await check('/latest?verbose=true', record(id))).toEqual({ is_compatible: true, messages: [] })
    const invalid = (await check('?verbose=true', '{"type":"recor"}')) as { messages: string[] }
    expect(invalid).toMatchObject({ is_compatible: false })
    expect(invalid.messages[0]).toContain('Invalid schema')
    expect(await check('', '{"type":"recor"}')).toMatchObject({ error_code: 42201 })
  })

  test('references are resolved on both sides', async () => {
    const money = '{"type":"record","name":"Money","fields":[{"name":"amount","type":"long"}]}'
    await registry.call('POST', '/subjects/Money/versions', { schema: money })
    const references = [{ name: 'Money', subject: 'Money', version: 1 }]
    const price = { name: 'price', type: ['null', 'Money'], default: null }
    expect((await register(record(id, price), { references })).body).toEqual({ id: 4 })
    expect(await check('', record(id, price, note), { references })).toEqual({ is_compatible: true })
    const text = { name: 'price', type: 'string' }
    expect(await check('', record(id, text))).toEqual({ is_compatible: false })
    expect(await check('', record(id, price))).toMatchObject({ error_code: 42201 })
  })
})
