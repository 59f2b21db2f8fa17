import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestRegistry, startTestRegistry } from '../../../test/support/registry-server.ts'

let registry: TestRegistry
beforeEach(async () => {
  registry = await startTestRegistry()
  await registry.call('PUT', '/config', { compatibility: 'NONE' })
  for (const [subject, schema] of [
    ['b', '"string"'],
    ['a', '"long"'],
    ['a', '"string"'],
    ['c', '"int"'],
  ])
    await registry.call('POST', `/subjects/${subject}/versions`, { schema })
})
afterEach(() => registry.close())

const get = async (path: string): Promise<unknown> => (await registry.call('GET', path)).body

test('by id', async () => {
  expect(await get('/schemas/ids/1')).toEqual({ schema: '"string"' })
  expect(await get('/schemas/ids/1?fetchMaxId=true&subject=a')).toEqual({ schema: '"string"', maxId: 3 })
  expect((await registry.call('GET', '/schemas/ids/1/schema')).text).toBe('"string"')
  expect(await get('/schemas/ids/4')).toMatchObject({ error_code: 40403 })
  expect(await get('/schemas/ids/one')).toMatchObject({ error_code: 404 })
})

test('an id still resolves after a soft delete; where it is used, the deleted one counts on demand', async () => {
  await registry.call('DELETE', '/subjects/a')
  expect(await get('/schemas/ids/2')).toEqual({ schema: '"long"' })
  expect(await get('/schemas/ids/1/subjects')).toEqual(['b'])
  expect(await get('/schemas/ids/1/subjects?deleted=true')).toEqual(['a', 'b'])
  expect(await get('/schemas/ids/2/versions')).toEqual([])
  expect(await get('/schemas/ids/2/versions?deleted=true')).toEqual([{ subject: 'a', version: 1 }])
})

test('all of them by subject and version, the latest only, by prefix and page', async () => {
  const all = await get('/schemas')
  expect(all).toEqual([
    { subject: 'a', version: 1, id: 2, schema: '"long"' },
    { subject: 'a', version: 2, id: 1, schema: '"string"' },
    { subject: 'b', version: 1, id: 1, schema: '"string"' },
    { subject: 'c', version: 1, id: 3, schema: '"int"' },
  ])
  expect(await get('/schemas?latestOnly=true')).toEqual((all as unknown[]).slice(1))
  expect(await get('/schemas?subjectPrefix=b')).toEqual((all as unknown[]).slice(2, 3))
  expect(await get('/schemas?offset=3&limit=2')).toEqual((all as unknown[]).slice(3))
  await registry.call('DELETE', '/subjects/a/versions/2')
  expect(await get('/schemas?latestOnly=true&subjectPrefix=a')).toMatchObject([{ version: 1 }])
  expect(await get('/schemas?latestOnly=true&subjectPrefix=a&deleted=true')).toMatchObject([{ version: 2 }])
  expect(await get('/schemas?ruleType=CEL')).toMatchObject({ error_code: 501 })
})

test('types', async () => {
  expect(await get('/schemas/types')).toEqual(['AVRO'])
})
