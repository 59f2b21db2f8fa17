// The order and the bookkeeping of reading, proving and running, against a model of a cluster and a registry. The real ones judge in
// test/kafka; the model is here to try what can't be asked of them: every single request may fail.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText } from '../avro/canonical.ts'
import { checkLevel } from '../avro/compatibility-check.ts'
import { definedTypes } from '../avro/named-types.ts'
import { parseSchema } from '../avro/parse.ts'
import type { NamedSchema, Schema } from '../avro/schema.ts'
import { EvplatError } from '../core/errors.ts'
import type { ActualTopic, RegisteredReference } from '../plan/actual.ts'
import type { Level } from '../plan/judge-schema.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { Plan } from '../plan/plan.ts'
import type { Platform, Subject, Topic } from '../platform/platform.ts'
import type { ClusterPort, ItemOutcome, Ports, RegisteredVersion, RegistryPort, SchemaText } from './ports.ts'
import { prove } from './prove.ts'
import { readActual } from './read-actual.ts'
import { type ChangeResult, run } from './run.ts'

/** May throw before a request does anything. */
type Gate = (request: string) => void

class ModelCluster implements ClusterPort {
  readonly topics = new Map<string, ActualTopic>()
  brokers = 1
  private readonly gate: Gate
  constructor(gate: Gate) {
    this.gate = gate
  }
  readTopics = (names: readonly string[]): ReturnType<ClusterPort['readTopics']> =>
    Promise.resolve({ clusterId: 'c', topics: new Map([...this.topics].filter(([name]) => names.includes(name))) })

  createTopics: ClusterPort['createTopics'] = async (topics, validateOnly) => {
    this.gate(`create${validateOnly ? '?' : ''} ${topics.map((t) => t.name).join()}`)
    return topics.map(({ name, partitions, replication, configs }): ItemOutcome => {
      if (this.topics.has(name))
        return { name, error: { code: 'broker-refused', message: `Topic '${name}' already exists.` } }
      if (replication > this.brokers) return { name, error: { code: 'broker-refused', message: 'not enough brokers' } }
      const set = new Map(configs.map(([key, value]) => [key, { value, source: 'topic' as const, isReadOnly: false }]))
      if (!validateOnly)
        this.topics.set(name, {
          name,
          replicaCounts: Array.from({ length: partitions }, () => replication),
          isReassigning: false,
          configs: set,
        })
      return { name }
    })
  }
  createPartitions: ClusterPort['createPartitions'] = async (topics, validateOnly) => {
    this.gate(`grow${validateOnly ? '?' : ''} ${topics.map((t) => t.name).join()}`)
    for (const { name, count } of validateOnly ? [] : topics) {
      const before = this.topics.get(name)!
      this.topics.set(name, { ...before, replicaCounts: Array.from({ length: count }, () => before.replicaCounts[0]!) })
    }
    return topics.map(({ name }) => ({ name }))
  }
  alterConfigs: ClusterPort['alterConfigs'] = async (topics, validateOnly) => {
    this.gate(`alter${validateOnly ? '?' : ''} ${topics.map((t) => t.name).join()}`)
    return topics.map(({ name, set }): ItemOutcome => {
      if (set.some(([, value]) => value === 'bad'))
        return { name, error: { code: 'broker-refused', message: 'Invalid value bad' } }
      const before = this.topics.get(name)!
      const configs = new Map([
        ...before.configs,
        ...set.map(([key, value]) => [key, { value, source: 'topic' as const, isReadOnly: false }] as const),
      ])
      if (!validateOnly) this.topics.set(name, { ...before, configs })
      return { name }
    })
  }
  awaitTopics = (): Promise<readonly string[]> => Promise.resolve([])
}

class ModelRegistry implements RegistryPort {
  readonly subjects = new Map<string, RegisteredVersion[]>()
  readonly levels = new Map<string, Level>()
  readOnly = false
  private readonly gate: Gate
  constructor(gate: Gate) {
    this.gate = gate
  }
  private parse({ text, references }: SchemaText): Schema {
    const known = new Map<string, NamedSchema>()
    for (const { subject, version } of references) {
      const referenced = this.subjects.get(subject)?.find((v) => v.version === version)
      if (!referenced)
        throw new EvplatError('registry-refused', 'no such reference', {
          said: `No schema reference found for subject "${subject}" and version ${version}`,
        })
      for (const [name, type] of definedTypes(this.parse(referenced))) known.set(name, type)
    }
    return parseSchema(text, { known })
  }
  private problems(subject: string, schema: SchemaText): string[] {
    const level = this.levels.get(subject) ?? 'BACKWARD'
    const earlier = (this.subjects.get(subject) ?? [])
      .map((v) => ({ version: v.version, schema: this.parse(v) }))
      .toReversed()
    return checkLevel(level, this.parse(schema), earlier).map((problem) => problem.message)
  }
  versions = (subject: string): Promise<number[]> =>
    Promise.resolve((this.subjects.get(subject) ?? []).map((v) => v.version))
  version = (subject: string, version: number): Promise<RegisteredVersion | undefined> =>
    Promise.resolve(this.subjects.get(subject)?.find((v) => v.version === version))
  lookup = (subject: string, schema: SchemaText): Promise<number | undefined> => {
    const text = canonicalText(this.parse(schema))
    const refs = (of: readonly RegisteredReference[]): string => JSON.stringify(of)
    const found = (this.subjects.get(subject) ?? []).find(
      (v) => canonicalText(this.parse(v)) === text && refs(v.references) === refs(schema.references),
    )
    return Promise.resolve(found?.version)
  }
  level = (subject: string): Promise<Level | undefined> => Promise.resolve(this.levels.get(subject))
  globalLevel = (): Promise<Level> => Promise.resolve('BACKWARD')
  isReadOnly = (): Promise<boolean> => Promise.resolve(this.readOnly)
  check = async (subject: string, schema: SchemaText): Promise<{ compatible: boolean; messages: string[] }> => {
    const messages = this.problems(subject, schema)
    return { compatible: messages.length === 0, messages }
  }
  setLevel = async (subject: string, level: Level): Promise<void> => {
    this.gate(`level ${subject}`)
    this.levels.set(subject, level)
  }
  register = async (subject: string, schema: SchemaText): Promise<number> => {
    this.gate(`register ${subject}`)
    const known = await this.lookup(subject, schema)
    if (known !== undefined) return known
    const problems = this.problems(subject, schema)
    if (problems.length > 0) throw new EvplatError('registry-refused', 'incompatible', { said: problems[0]! })
    const versions = this.subjects.get(subject) ?? []
    versions.push({ version: versions.length + 1, ...schema })
    this.subjects.set(subject, versions)
    return versions.length
  }
}

const at = { file: 'platform.yaml', line: 1, column: 1 }
const topic = (name: string, over: Partial<Topic> = {}): Topic => ({
  name,
  at,
  places: new Map(),
  partitions: 2,
  replication: 1,
  config: new Map(),
  key: { kind: 'bytes' },
  value: { kind: 'bytes' },
  external: false,
  ...over,
})

const money = (...fields: string[]): string =>
  JSON.stringify({
    type: 'record',
    name: 'Money',
    namespace: 'shop',
    fields: fields.map((name) => ({ name, type: 'long', default: 0 })),
  })
const order = '{"type":"record","name":"Order","fields":[{"name":"total","type":"shop.Money"}]}'

function shop(moneyText: string, over: Partial<Subject> = {}): Subject[] {
  const moneySchema = parseSchema(moneyText)
  const known = definedTypes(moneySchema)
  const types: Subject = {
    name: 'shop.Money',
    at,
    file: 'money.avsc',
    text: moneyText,
    schema: moneySchema,
    references: [],
  }
  const references = [{ name: 'shop.Money', subject: 'shop.Money' }]
  return [
    types,
    {
      name: 'order-value',
      at,
      file: 'order.avsc',
      text: order,
      schema: parseSchema(order, { known }),
      references,
      ...over,
    },
  ]
}

interface World {
  readonly cluster: ModelCluster
  readonly registry: ModelRegistry
  readonly requests: string[]
  failOn: (request: string) => boolean
}

function world(): World {
  const requests: string[] = []
  const gate: Gate = (request) => {
    requests.push(request)
    if (made.failOn(request)) throw new EvplatError('broker-unreachable', `lost during ${request}`)
  }
  const made: World = {
    cluster: new ModelCluster(gate),
    registry: new ModelRegistry(gate),
    requests,
    failOn: () => false,
  }
  return made
}

const platformOf = (topics: readonly Topic[], subjects: readonly Subject[]): Platform =>
  ({ name: 'shop', environment: { name: 'local' }, topics, subjects }) as unknown as Platform

async function planFor(platform: Platform, ports: Ports): Promise<Plan> {
  return prove(
    makePlan(platform, await readActual(platform, ports), { allowRepartition: true, policyFindings: [] }),
    platform,
    ports,
  )
}

function runAll(plan: Plan, ports: Ports, signal = new AbortController().signal): Promise<ChangeResult[]> {
  return run(plan, ports, { signal, onStep: () => undefined })
}

describe('plan, prove and run', () => {
  test('what is planned is made, in batches, the level before the schema and references first; then the plan is empty', async () => {
    const w = world()
    const platform = platformOf(
      [topic('a'), topic('b', { config: new Map([['retention.ms', '5']]) })],
      shop(money('units'), { compatibility: 'FULL' }),
    )
    const plan = await planFor(platform, w)
    w.requests.length = 0
    expect((await runAll(plan, w)).map((r) => r.outcome)).toEqual(['done', 'done', 'done', 'done'])
    expect(w.requests).toEqual(['create a,b', 'register shop.Money', 'level order-value', 'register order-value'])
    expect(await planFor(platform, w)).toMatchObject({ changes: [], unchanged: 4 })
  })

  test('a referenced type that grows moves what refers to it, in one run', async () => {
    const w = world()
    await runAll(await planFor(platformOf([], shop(money('units'))), w), w)
    const platform = platformOf([], shop(money('units', 'rate')))
    const plan = await planFor(platform, w)
    expect(plan.changes.map((change) => [change.name, change.action, change.blocked])).toEqual([
      ['shop.Money', 'update', undefined],
      ['order-value', 'update', undefined],
    ])
    await runAll(plan, w)
    expect(w.registry.subjects.get('order-value')!.at(-1)).toMatchObject({ version: 2, references: [{ version: 2 }] })
    expect((await planFor(platform, w)).changes).toEqual([])
  })

  test('what would be refused is blocked before anything is done, in the words of whoever refuses', async () => {
    const w = world()
    await runAll(await planFor(platformOf([topic('t')], shop(money('units'))), w), w)
    const grown = money('units').replace(',"default":0', '')
    const incompatible = JSON.stringify({ ...JSON.parse(grown), fields: [{ name: 'other', type: 'string' }] })
    const platform = platformOf(
      [topic('t', { config: new Map([['retention.ms', 'bad']]) }), topic('u', { replication: 3 })],
      shop(incompatible),
    )
    w.requests.length = 0
    const plan = await planFor(platform, w)
    expect(plan.changes.map((change) => change.blocked?.code)).toEqual([
      'broker-refused',
      'broker-refused',
      'incompatible',
      'incompatible',
    ])
    expect(plan.changes[0]!.blocked!.message).toBe('Invalid value bad')
    expect(plan.changes[2]!.blocked!.remedy).toContain('`evplat schemas delete shop.Money`')
    expect(w.requests.every((request) => request.includes('?'))).toBe(true)
  })

  test('a level that the plan changes judges the schema, not the level in force', async () => {
    const w = world()
    await runAll(await planFor(platformOf([], shop(money('units'), { compatibility: 'NONE' })), w), w)
    const other = '{"type":"record","name":"Order","fields":[{"name":"x","type":"string"}]}'
    const [types] = shop(money('units'))
    const subject = (compatibility: Level): Subject => ({
      name: 'order-value',
      at,
      file: 'o',
      text: other,
      schema: parseSchema(other),
      references: [],
      compatibility,
    })
    expect((await planFor(platformOf([], [types!, subject('NONE')]), w)).changes[0]).not.toHaveProperty('blocked')
    expect((await planFor(platformOf([], [types!, subject('BACKWARD')]), w)).changes[0]).toMatchObject({
      blocked: { code: 'incompatible', message: expect.stringMatching(/^version 1: /) },
    })
  })

  test('a registry that is read only blocks every change of it', async () => {
    const w = world()
    w.registry.readOnly = true
    expect((await planFor(platformOf([], shop(money('units'))), w)).changes.map((c) => c.blocked?.code)).toEqual([
      'registry-read-only',
      'registry-read-only',
    ])
  })

  test('when a schema is not registered, what refers to it is skipped, and the rest goes on', async () => {
    const w = world()
    const other: Subject = {
      name: 'z',
      at,
      file: 'z',
      text: '"string"',
      schema: parseSchema('"string"'),
      references: [],
    }
    const plan = await planFor(platformOf([topic('t')], [...shop(money('units')), other]), w)
    w.failOn = (request) => request === 'register shop.Money'
    expect(await runAll(plan, w)).toEqual([
      { kind: 'topic', name: 't', outcome: 'done' },
      { kind: 'subject', name: 'shop.Money', outcome: 'failed', error: 'lost during register shop.Money' },
      {
        kind: 'subject',
        name: 'order-value',
        outcome: 'skipped',
        error: '"shop.Money", which it refers to, was not registered',
      },
      { kind: 'subject', name: 'z', outcome: 'done' },
    ])
  })

  test('after an abort nothing new is begun, and what was not done is said', async () => {
    const w = world()
    const plan = await planFor(platformOf([topic('t')], shop(money('units'))), w)
    const controller = new AbortController()
    w.failOn = (request) => {
      if (request === 'create t') controller.abort()
      return false
    }
    expect((await runAll(plan, w, controller.signal)).map((r) => r.outcome)).toEqual(['done', 'skipped', 'skipped'])
  })

  test('whichever single request is lost, running again converges', async () => {
    const wanted = fc.record({
      topics: fc.array(
        fc.record({
          name: fc.constantFrom('a', 'b', 'c'),
          partitions: fc.integer({ min: 1, max: 4 }),
          retention: fc.constantFrom('1', '2'),
        }),
        { maxLength: 3 },
      ),
      fields: fc.subarray(['units', 'rate', 'scale'], { minLength: 1 }),
    })
    const build = ({
      topics,
      fields,
    }: {
      topics: { name: string; partitions: number; retention: string }[]
      fields: string[]
    }): Platform => {
      const unique = [...new Map(topics.map((t) => [t.name, t])).values()]
      return platformOf(
        unique.map((t) =>
          topic(t.name, { partitions: t.partitions, config: new Map([['retention.ms', t.retention]]) }),
        ),
        shop(money(...fields), { compatibility: 'FULL' }),
      )
    }
    await fc.assert(
      fc.asyncProperty(wanted, wanted, fc.nat({ max: 5 }), async (first, second, lost) => {
        const w = world()
        await runAll(await planFor(build(first), w), w)
        const platform = build(second)
        const plan = await planFor(platform, w)
        if (plan.changes.some((change) => change.blocked)) return
        let count = 0
        w.failOn = (request) => !request.includes('?') && count++ === lost
        await runAll(plan, w)
        w.failOn = () => false
        const rest = await planFor(platform, w)
        expect(rest.changes.filter((change) => change.blocked)).toEqual([])
        await runAll(rest, w)
        expect((await planFor(platform, w)).changes).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})
