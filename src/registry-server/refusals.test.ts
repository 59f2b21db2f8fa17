// Every error code of the registry, made over HTTP.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AppendFate } from '../../test/support/array-log.ts'
import { type TestRegistry, startTestRegistry } from '../../test/support/registry-server.ts'

type Step = readonly [method: string, path: string, body?: object]

const record = (...fields: object[]): { schema: string } => ({
  schema: JSON.stringify({ type: 'record', name: 'R', fields }),
})
const first = record({ name: 'a', type: 'long' })
const versions = '/subjects/s/versions'
const put: Step = ['POST', versions, first]
const softly: Step = ['DELETE', '/subjects/s']
const referrer: Step = [
  'POST',
  '/subjects/user/versions',
  { schema: '{"type":"array","items":"R"}', references: [{ name: 'R', subject: 's', version: 1 }] },
]
const invalidSchemas = [
  ['no JSON', '{"type":'],
  ['an unknown type', '"strng"'],
  ['an invalid name', '{"type":"enum","name":"A-B","symbols":["A"]}'],
  ['a default that does not fit', '{"type":"record","name":"R","fields":[{"name":"a","type":"long","default":"x"}]}'],
  ['a field twice', '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}'],
  ['nothing', ''],
] as const

const cases: readonly (readonly [code: number, status: number, title: string, before: readonly Step[], step: Step])[] =
  [
    [40401, 404, 'versions of an unknown subject', [], ['GET', versions]],
    [40401, 404, 'a version of an unknown subject', [], ['GET', `${versions}/1`]],
    [40401, 404, 'a lookup in an unknown subject', [], ['POST', '/subjects/s', first]],
    [40401, 404, 'a lookup in a softly deleted subject', [put, softly], ['POST', '/subjects/s', first]],
    [40401, 404, 'deleting an unknown subject', [], softly],
    [40401, 404, 'deleting a version of an unknown subject', [], ['DELETE', `${versions}/1`]],
    [40401, 404, 'deleting the latest of a softly deleted subject', [put, softly], ['DELETE', `${versions}/latest`]],
    [
      40401,
      404,
      'a permanent delete twice',
      [put, softly, ['DELETE', '/subjects/s?permanent=true']],
      ['DELETE', '/subjects/s?permanent=true'],
    ],
    [40401, 404, 'who refers to an unknown subject', [], ['GET', `${versions}/1/referencedby`]],
    [40402, 404, 'an unknown version', [put], ['GET', `${versions}/2`]],
    [40402, 404, 'the schema of an unknown version', [put], ['GET', `${versions}/2/schema`]],
    [40402, 404, 'deleting an unknown version', [put], ['DELETE', `${versions}/2`]],
    [40402, 404, 'a check against an unknown version', [], ['POST', '/compatibility/subjects/s/versions/1', first]],
    [40403, 404, 'an unknown id', [], ['GET', '/schemas/ids/1']],
    [40403, 404, 'the text of an unknown id', [], ['GET', '/schemas/ids/1/schema']],
    [40403, 404, 'the subjects of an unknown id', [], ['GET', '/schemas/ids/1/subjects']],
    [40403, 404, 'the versions of an unknown id', [], ['GET', '/schemas/ids/1/versions']],
    [40403, 404, 'a lookup of another schema', [put], ['POST', '/subjects/s', record()]],
    [40404, 404, 'a soft delete of a subject twice', [put, softly], softly],
    [40405, 404, 'a permanent delete without a soft one', [put], ['DELETE', '/subjects/s?permanent=true']],
    [40406, 404, 'a soft delete of a version twice', [put, ['DELETE', `${versions}/1`]], ['DELETE', `${versions}/1`]],
    [40407, 404, 'a permanent delete of a live version', [put], ['DELETE', `${versions}/1?permanent=true`]],
    [40408, 404, 'the level of a subject without one', [put], ['GET', '/config/s']],
    [40409, 404, 'the mode of a subject without one', [put], ['GET', '/mode/s']],
    [409, 409, 'an incompatible schema', [put], ['POST', versions, record({ name: 'b', type: 'long' })]],
    ...invalidSchemas.map(
      ([title, schema]) => [42201, 422, `registering ${title}`, [], ['POST', versions, { schema }]] as const,
    ),
    ...invalidSchemas.map(
      ([title, schema]) => [42201, 422, `looking up ${title}`, [put], ['POST', '/subjects/s', { schema }]] as const,
    ),
    [42201, 422, 'checking an invalid schema', [], ['POST', '/compatibility/subjects/s/versions', { schema: '{' }]],
    [42201, 422, 'a type of schema that is not built', [], ['POST', versions, { schema: '{}', schemaType: 'JSON' }]],
    [
      42201,
      422,
      'checking a type that is not built',
      [],
      ['POST', '/compatibility/subjects/s/versions', { schema: '{}', schemaType: 'PROTOBUF' }],
    ],
    [42201, 422, 'a reference to nothing', [], referrer],
    [42201, 422, 'a version that is not the next', [put], ['POST', versions, { ...record(), version: 7 }]],
    ...['0', '-2', 'first', '1.5', '2147483648', '99999999999'].map(
      (text) => [42202, 422, `version ${text}, known subject or not`, [], ['GET', `${versions}/${text}`]] as const,
    ),
    [42202, 422, 'a check against version x', [], ['POST', '/compatibility/subjects/s/versions/x', first]],
    [42202, 422, 'deleting version x', [], ['DELETE', `${versions}/x`]],
    [42203, 422, 'an unknown level', [], ['PUT', '/config/s', { compatibility: 'MOSTLY' }]],
    [42204, 422, 'an unknown mode', [], ['PUT', '/mode', { mode: 'SLEEP' }]],
    [42204, 422, 'no mode', [], ['PUT', '/mode', {}]],
    [42205, 422, 'registering in READONLY', [['PUT', '/mode/s', { mode: 'READONLY' }]], put],
    [42205, 422, 'an id outside of IMPORT', [], ['POST', versions, { ...first, id: 7 }]],
    [42206, 422, 'deleting what is referred to', [put, referrer], softly],
    [42207, 422, 'another id for a schema that has one', [put], ['POST', versions, { ...first, id: 7 }]],
    [42208, 422, 'a subject in another context', [], ['POST', '/subjects/:.ctx:s/versions', first]],
    [42208, 422, 'a subject with a control character', [], ['POST', '/subjects/a%00b/versions', first]],
    [42208, 422, 'a reserved name', [], ['GET', '/config/__GLOBAL']],
    [42208, 422, 'an empty name in the default context', [], ['GET', '/subjects/:.:/versions']],
    [
      42209,
      422,
      'a schema beyond the limit',
      [],
      ['POST', versions, { schema: `{"type":"string","about":"${'x'.repeat(1_000_000)}"}` }],
    ],
    [501, 501, 'a setting that is not built', [], ['PUT', '/config/s', { compatibilityGroup: 'major' }]],
  ]

let registry: TestRegistry
beforeEach(async () => {
  registry = await startTestRegistry()
})
afterEach(() => registry.close())

test.each(cases)('%d (HTTP %d): %s', async (...[code, status, , before, step]) => {
  for (const earlier of before) expect((await registry.call(...earlier)).status).toBe(200)
  const answer = await registry.call(...step)
  expect(answer.body).toEqual({ error_code: code, message: expect.stringMatching(/\S/) })
  expect(answer.status).toBe(status)
})

test.each<[number, AppendFate]>([
  [50001, 'lost'],
  [50002, 'silent'],
])('%d (HTTP 500): an append that is %s; then all goes on', async (code, fate) => {
  await registry.close()
  registry = await startTestRegistry(undefined, { writeTimeoutMs: 400 })
  registry.log.fates.push(fate)
  expect(await registry.call(...put)).toMatchObject({ status: 500, body: { error_code: code } })
  expect((await registry.call('GET', '/subjects')).body).toEqual([])
  expect((await registry.call(...put)).body).toEqual({ id: 1 })
})
