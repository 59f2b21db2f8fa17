// A log as Confluent's registry writes it: read here, changed here, and still of that shape.
import { afterEach, expect, test } from 'vitest'
import { createArrayLog } from '../../test/support/array-log.ts'
import { type TestRegistry, startTestRegistry } from '../../test/support/registry-server.ts'

// As another registry might spell it; ours would not.
const order = '{"type":"record","name":"shop.Order","fields":[{"type":{"type":"long"},"name":"id"}]}'
const lines: readonly (readonly [key: string, value: object | null])[] = [
  ['{"keytype":"NOOP","magic":0}', null],
  ['{"keytype":"CONFIG","subject":null,"magic":0}', { compatibilityLevel: 'FULL' }],
  [
    '{"keytype":"SCHEMA","subject":"orders-value","version":1,"magic":1}',
    { subject: 'orders-value', version: 1, id: 1, md5: 'n4bQgYhM', schema: order, deleted: false },
  ],
  // An old spelling of the key, as registries before 5 wrote it.
  [
    '{"subject":"old-value","version":1,"magic":0,"keytype":"SCHEMA"}',
    { subject: 'old-value', version: 1, id: 4, schema: '{"name":"Old.Name-1","type":"enum","symbols":["A-B"]}' },
  ],
  [
    '{"keytype":"SCHEMA","subject":"events-value","version":1,"magic":1}',
    {
      subject: 'events-value',
      version: 1,
      id: 5,
      schemaType: 'PROTOBUF',
      schema: 'syntax = "proto3";',
      deleted: false,
    },
  ],
  [
    '{"keytype":"SCHEMA","subject":"gone-value","version":1,"magic":1}',
    { subject: 'gone-value', version: 1, id: 6, schema: '"bytes"', deleted: false },
  ],
  ['{"keytype":"DELETE_SUBJECT","subject":"gone-value","magic":0}', { subject: 'gone-value', version: 1 }],
  [
    '{"keytype":"SCHEMA","subject":":.other:x","version":1,"magic":1}',
    { subject: ':.other:x', version: 1, id: 1, schema: '"int"', deleted: false },
  ],
  ['{"keytype":"CONTEXT","tenant":"default","context":".","magic":0}', { tenant: 'default', context: '.' }],
  ['{"keytype":"MODE","subject":"events-value","magic":0}', { mode: 'READONLY' }],
]

let registry: TestRegistry
async function start(): Promise<TestRegistry> {
  const log = createArrayLog()
  for (const [key, value] of lines) await log.append(Buffer.from(key), value && Buffer.from(JSON.stringify(value)))
  return (registry = await startTestRegistry(log))
}
afterEach(() => registry.close())

const call = async (method: string, path: string, body?: object): Promise<unknown> =>
  (await registry.call(method, path, body)).body
const lastRecord = (): (string | undefined)[] => {
  const last = registry.log.records.at(-1)
  return [last?.key?.toString(), last?.value?.toString()]
}

test('everything in it is served', async () => {
  await start()
  expect(registry.unreadableRecords).toBe(0)
  expect(await call('GET', '/subjects')).toEqual(['events-value', 'old-value', 'orders-value'])
  expect(await call('GET', '/subjects?deletedOnly=true')).toEqual(['gone-value'])
  expect(await call('GET', '/config')).toEqual({ compatibilityLevel: 'FULL' })
  expect(await call('GET', '/mode/events-value')).toEqual({ mode: 'READONLY' })
  expect(await call('GET', '/schemas/ids/1')).toEqual({ schema: order })
  expect(await call('GET', '/schemas/ids/5')).toEqual({ schemaType: 'PROTOBUF', schema: 'syntax = "proto3";' })
  expect(await call('GET', '/schemas/ids/5?format=resolved')).toMatchObject({ error_code: 501 })
})

test('what stands in it keeps its id in another spelling, new ids follow the highest', async () => {
  await start()
  const post = (subject: string, schema: string) => call('POST', `/subjects/${subject}/versions`, { schema })
  expect(await post('orders-value', order.replaceAll(',', ', '))).toEqual({ id: 1 })
  expect(
    await post(
      'copy-value',
      '{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"}]}',
    ),
  ).toEqual({
    id: 1,
  })
  expect(await call('GET', '/subjects/copy-value/versions/1')).toMatchObject({ schema: order })
  expect(await post('gone-value', '"bytes"')).toEqual({ id: 6 })
  expect(await post('new-value', '"double"')).toEqual({ id: 7 })
})

test('a schema of another type is never taken for compatible', async () => {
  await start()
  await call('PUT', '/mode/events-value', { mode: 'READWRITE' })
  expect(await call('POST', '/compatibility/subjects/events-value/versions', { schema: '"int"' })).toEqual({
    is_compatible: false,
  })
  expect(await call('POST', '/subjects/events-value/versions', { schema: '"int"' })).toMatchObject({ error_code: 409 })
  await call('PUT', '/config/events-value', { compatibility: 'NONE' })
  expect(await call('POST', '/subjects/events-value/versions', { schema: '"int"' })).toEqual({ id: 7 })
})

test('a stored schema that would not be taken today still compares', async () => {
  await start()
  const check = (symbols: string[]) =>
    call('POST', '/compatibility/subjects/old-value/versions', {
      schema: JSON.stringify({ type: 'enum', name: 'Name1', symbols }),
    })
  expect(await check(['A_B'])).toEqual({ is_compatible: false })
})

test('records are rewritten and removed under their own key, with what else stood in them', async () => {
  await start()
  await call('DELETE', '/subjects/orders-value/versions/1')
  expect(lastRecord()).toEqual([
    lines[2]![0],
    JSON.stringify({ subject: 'orders-value', version: 1, id: 1, md5: 'n4bQgYhM', schema: order, deleted: true }),
  ])
  await call('DELETE', '/subjects/old-value/versions/1')
  await call('DELETE', '/subjects/old-value/versions/1?permanent=true')
  expect(lastRecord()).toEqual([lines[3]![0], undefined])
})

test('a circle of references, or one to nothing, is refused where the schema has to be read, and served where not', async () => {
  const log = createArrayLog()
  for (const [subject, other] of [
    ['a', 'b'],
    ['b', 'a'],
  ]) {
    const references = [{ name: other, subject: other, version: 1 }]
    await log.append(
      Buffer.from(JSON.stringify({ keytype: 'SCHEMA', subject, version: 1, magic: 1 })),
      Buffer.from(JSON.stringify({ subject, version: 1, id: subject === 'a' ? 1 : 2, references, schema: '"int"' })),
    )
  }
  registry = await startTestRegistry(log)
  expect(await call('GET', '/subjects/a/versions/1')).toMatchObject({ id: 1 })
  expect(await call('POST', '/compatibility/subjects/a/versions', { schema: '"int"' })).toEqual({
    is_compatible: false,
  })
  expect(await call('GET', '/schemas/ids/1?format=resolved')).toMatchObject({ error_code: 42201 })
  const refers = { schema: '"long"', references: [{ name: 'a', subject: 'a', version: 1 }] }
  expect(await call('POST', '/subjects/c/versions', refers)).toMatchObject({ error_code: 42201 })
  expect(await call('POST', '/subjects/d/versions', { schema: '"int"' })).toEqual({ id: 3 })
})

test('a reference to "the latest" that was never pinned keeps every version', async () => {
  await start()
  await registry.close()
  const references = [{ name: 'shop.Order', subject: 'orders-value', version: -1 }]
  await registry.log.append(
    Buffer.from('{"keytype":"SCHEMA","subject":"refers","version":1,"magic":1}'),
    Buffer.from(JSON.stringify({ subject: 'refers', version: 1, id: 9, references, schema: '["null","shop.Order"]' })),
  )
  registry = await startTestRegistry(registry.log)
  expect(await call('GET', '/subjects/orders-value/versions/1/referencedby')).toEqual([9])
  expect(await call('DELETE', '/subjects/orders-value')).toMatchObject({ error_code: 42206 })
  expect(JSON.stringify(await call('GET', '/schemas/ids/9?format=resolved'))).toContain('long')
})
