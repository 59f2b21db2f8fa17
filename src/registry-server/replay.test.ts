// Whatever is done to a registry, a new process on the same log gives the same answers; also when appends fail on the way,
// and when the log was compacted.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AppendFate, type ArrayLog, createArrayLog } from '../../test/support/array-log.ts'
import { findRoute } from './http/routes.ts'
import { type Journal, openJournal } from './journal.ts'
import { Refusal } from './refusals.ts'
import { apiRoutes } from './resources/routes.ts'

const routes = apiRoutes('test')

/** A request without the network: status and body, or null where the log failed. */
async function ask(journal: Journal, method: string, url: string, body: object = {}): Promise<unknown> {
  const [path = '', search] = url.split('?')
  try {
    const { route, parts } = findRoute(routes, method, path)
    const query = new URLSearchParams(search)
    return await route.handle({ part: (name) => parts.get(name)!, query, body: { ...body }, journal })
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return { refused: thrown.code, message: thrown.message }
  }
}

const subjects = ['a', 'b', 'c']

/** Everything that can be read, except the highest id, which a compacted log may have forgotten. */
async function allAnswers(journal: Journal): Promise<unknown[]> {
  const paths = [
    '/subjects',
    '/subjects?deleted=true',
    '/subjects?deletedOnly=true',
    '/schemas?deleted=true',
    '/config',
    '/mode',
  ]
  for (const subject of subjects) {
    paths.push(`/config/${subject}`, `/mode/${subject}`, `/subjects/${subject}/versions?deletedOnly=true`)
    for (const query of ['', '?deleted=true']) {
      paths.push(`/subjects/${subject}/versions${query}`, `/subjects/${subject}/versions/latest${query}`)
      for (let version = 1; version <= 6; version++)
        paths.push(
          `/subjects/${subject}/versions/${version}${query}`,
          `/subjects/${subject}/versions/${version}/referencedby${query}`,
        )
    }
  }
  for (let id = 1; id <= journal.state.maxId; id++)
    paths.push(`/schemas/ids/${id}`, `/schemas/ids/${id}/subjects`, `/schemas/ids/${id}/versions?deleted=true`)
  return Promise.all(paths.map(async (path) => [path, await ask(journal, 'GET', path)]))
}

const subject = fc.constantFrom(...subjects)
const schema = fc.constantFrom(
  '"int"',
  '"long"',
  '"string"',
  '{"type":"fixed","name":"F","size":4}',
  '{"type":"array","items":"F"}',
)
const references = fc.option(
  subject.map((s) => [{ name: 'F', subject: s, version: -1 }]),
  { nil: [] },
)
const level = fc.constantFrom('NONE', 'BACKWARD', 'FULL_TRANSITIVE')
const mode = fc.constantFrom('READWRITE', 'READWRITE', 'READONLY', 'IMPORT')
const path = (text: fc.Arbitrary<string>, prefix: string): fc.Arbitrary<string> => text.map((s) => `${prefix}${s}`)

type Operation = readonly [method: string, path: string, body?: object]
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({ s: subject, schema, references })
      .map(({ s, ...body }): Operation => ['POST', `/subjects/${s}/versions`, body]),
  },
  fc
    .record({ s: subject, schema, id: fc.integer({ min: 1, max: 9 }), version: fc.integer({ min: 1, max: 5 }) })
    .map(({ s, ...body }): Operation => ['POST', `/subjects/${s}/versions`, body]),
  {
    weight: 4,
    arbitrary: fc
      .record({
        s: subject,
        version: fc.constantFrom('', '/versions/1', '/versions/2', '/versions/latest'),
        permanent: fc.boolean(),
      })
      .map(({ s, version, permanent }): Operation => ['DELETE', `/subjects/${s}${version}?permanent=${permanent}`]),
  },
  fc.tuple(path(subject, '/config/'), level).map(([to, l]): Operation => ['PUT', to, { compatibility: l }]),
  fc
    .tuple(path(subject, '/mode/'), mode, fc.boolean())
    .map(([to, m, f]): Operation => ['PUT', `${to}?force=${f}`, { mode: m }]),
  level.map((l): Operation => ['PUT', '/config', { compatibility: l }]),
  mode.map((m): Operation => ['PUT', '/mode', { mode: m }]),
  path(subject, '/config/').map((to): Operation => ['DELETE', to]),
  path(subject, '/mode/').map((to): Operation => ['DELETE', to]),
)

const open = (log: ArrayLog): Promise<Journal> => openJournal(log, { timeoutMs: 1000 })

test('replay equals live, also from a compacted log', () =>
  fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 40 }), async (operations) => {
      const log = createArrayLog()
      const live = await open(log)
      await ask(live, 'PUT', '/config', { compatibility: 'NONE' })
      for (const step of operations) await ask(live, ...step)
      const answers = await allAnswers(live)
      expect(await allAnswers(await open(log.reopened()))).toEqual(answers)
      const compacted = await open(log.compacted())
      compacted.state.maxId = live.state.maxId
      expect(await allAnswers(compacted)).toEqual(answers)
    }),
    { numRuns: 150 },
  ))

const fate = fc.constantFrom<AppendFate>('done', 'done', 'done', 'lost', 'done-but-rejected')

test('replay equals live when appends fail on the way, and no id means two things', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(operation, fate), { maxLength: 30 }), async (steps) => {
      const log = createArrayLog()
      const live = await open(log)
      const meanings = new Map<number, unknown>()
      for (const [step, next] of steps) {
        log.fates.push(next)
        await ask(live, ...step)
        log.fates.length = 0
        for (const id of live.state.ids.keys()) {
          const answer = await ask(live, 'GET', `/schemas/ids/${id}`)
          expect(answer).toEqual(meanings.get(id) ?? answer)
          meanings.set(id, answer)
        }
      }
      await live.write(() => ({ records: [], answer: undefined }))
      const again = await open(log.reopened())
      expect(await allAnswers(again)).toEqual(await allAnswers(live))
      expect(again.state.maxId).toBe(live.state.maxId)
    }),
    { numRuns: 150 },
  ))

test('what an import cleared stays away, also from a compacted log', async () => {
  const log = createArrayLog()
  const live = await open(log)
  const steps: Operation[] = [
    ['POST', '/subjects/a/versions', { schema: '"int"' }],
    ['DELETE', '/subjects/a'],
    ['PUT', '/mode/a', { mode: 'IMPORT' }],
    ['POST', '/subjects/a/versions', { schema: '"long"', id: 7, version: 3 }],
    ['DELETE', '/subjects/a'],
  ]
  for (const step of steps) expect(await ask(live, ...step)).not.toHaveProperty('refused')
  expect(await ask(live, 'GET', '/subjects/a/versions?deleted=true')).toEqual({ json: [3] })
  const compacted = await open(log.compacted())
  expect(await allAnswers(compacted)).toEqual(await allAnswers(live))
})
