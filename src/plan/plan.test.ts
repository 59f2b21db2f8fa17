import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSchema } from '../avro/parse.ts'
import type { Platform, Subject, Topic } from '../platform/platform.ts'
import type { Actual, ActualSubject, ActualTopic } from './actual.ts'
import { isSameConfigValue } from './config-value.ts'
import { incompatibilitiesUnder, selfContainedText } from './judge-schema.ts'
import { makePlan, type PlanOptions } from './make-plan.ts'
import { after, configsOf, type Plan, summarise } from './plan.ts'

const at = { file: 'platform.yaml', line: 1, column: 1 }

function topic(over: Partial<Topic> & { readonly name: string }): Topic {
  return {
    at,
    places: new Map(),
    partitions: 3,
    replication: 1,
    config: new Map(),
    key: { kind: 'bytes' },
    value: { kind: 'bytes' },
    external: false,
    ...over,
  }
}

function actualTopic(name: string, partitions = 3, over: Partial<ActualTopic> = {}): ActualTopic {
  return {
    name,
    replicaCounts: Array.from({ length: partitions }, () => 1),
    isReassigning: false,
    configs: new Map(),
    ...over,
  }
}

const config = (
  value: string | null,
  source: 'topic' | 'default' | 'cluster' = 'topic',
): { value: string | null; source: typeof source; isReadOnly: boolean } => ({
  value,
  source,
  isReadOnly: false,
})

function subject(name: string, text: string, over: Partial<Subject> = {}): Subject {
  return { name, at, file: `${name}.avsc`, text, schema: parseSchema(text), references: [], ...over }
}

function plan(
  declared: { topics?: Topic[]; subjects?: Subject[] },
  there: Partial<Actual> = {},
  options: Partial<PlanOptions> = {},
): Plan {
  const platform = {
    name: 'shop',
    environment: { name: 'local' },
    topics: [],
    subjects: [],
    ...declared,
  } as unknown as Platform
  const actual: Actual = {
    clusterId: 'c',
    topics: new Map(),
    subjects: new Map(),
    levels: new Map(),
    globalLevel: 'BACKWARD',
    ...there,
  }
  return makePlan(platform, actual, { allowRepartition: false, policyFindings: [], ...options })
}

const topicsAs = (...topics: ActualTopic[]): Partial<Actual> => ({ topics: new Map(topics.map((t) => [t.name, t])) })
const subjectsAs = (...subjects: ActualSubject[]): Partial<Actual> => ({
  subjects: new Map(subjects.map((s) => [s.name, s])),
})

describe('topics', () => {
  test('a missing topic is created with everything that is declared', () => {
    const made = plan({
      topics: [topic({ name: 't', partitions: 6, config: new Map([['retention.ms', '604800000']]) })],
    })
    expect(made.changes).toEqual([
      {
        kind: 'topic',
        name: 't',
        action: 'create',
        fields: [
          { path: 'partitions', before: null, after: 6 },
          { path: 'replication', before: null, after: 1 },
          { path: 'config.retention.ms', before: null, after: '604800000' },
        ],
      },
    ])
    expect(summarise(made)).toEqual({ create: 1, update: 0, delete: 0, blocked: 0, unchanged: 0 })
    expect([after(made.changes[0]!, 'partitions'), configsOf(made.changes[0]!)]).toEqual([
      6,
      [['retention.ms', '604800000']],
    ])
  })

  test('a topic as declared is unchanged, also when the value is a default or is written otherwise', () => {
    const declared = topic({
      name: 't',
      config: new Map([
        ['cleanup.policy', 'compact,delete'],
        ['min.cleanable.dirty.ratio', '0.5'],
        ['preallocate', 'false'],
      ]),
    })
    const configs = new Map([
      ['cleanup.policy', config('delete, compact')],
      ['min.cleanable.dirty.ratio', config('0.50', 'default')],
      ['preallocate', config('FALSE', 'cluster')],
    ])
    expect(plan({ topics: [declared] }, topicsAs(actualTopic('t', 3, { configs })))).toMatchObject({
      changes: [],
      unchanged: 1,
      findings: [],
    })
  })

  test('a config set on the topic that the file does not name is told and left alone; one of the broker is not', () => {
    const configs = new Map([
      ['retention.ms', config('1')],
      ['segment.ms', config('2', 'cluster')],
    ])
    const made = plan({ topics: [topic({ name: 't' })] }, topicsAs(actualTopic('t', 3, { configs })))
    expect(made.changes).toEqual([])
    expect(made.findings).toMatchObject([
      { severity: 'info', code: 'undeclared-config', message: expect.stringContaining('retention.ms=1') },
    ])
  })

  test('a secret value is never compared', () => {
    const made = plan(
      { topics: [topic({ name: 't', config: new Map([['x.password', 'p']]) })] },
      topicsAs(actualTopic('t', 3, { configs: new Map([['x.password', config(null)]]) })),
    )
    expect(made.changes).toEqual([])
  })

  test('less retention and another cleanup policy are a danger for records', () => {
    const before = new Map([
      ['retention.ms', config('-1')],
      ['cleanup.policy', config('compact')],
    ])
    const shorter = plan(
      { topics: [topic({ name: 't', config: new Map([['retention.ms', '1000']]) })] },
      topicsAs(actualTopic('t', 3, { configs: before })),
    )
    expect(shorter.changes[0]).toMatchObject({
      action: 'update',
      danger: 'data-loss',
      fields: [{ path: 'config.retention.ms', before: '-1', after: '1000' }],
    })
    const longer = plan(
      { topics: [topic({ name: 't', config: new Map([['retention.ms', '-1']]) })] },
      topicsAs(actualTopic('t', 3, { configs: new Map([['retention.ms', config('5')]]) })),
    )
    expect(longer.changes[0]).not.toHaveProperty('danger')
    const policy = plan(
      { topics: [topic({ name: 't', config: new Map([['cleanup.policy', 'delete']]) })] },
      topicsAs(actualTopic('t', 3, { configs: before })),
    )
    expect(policy.changes[0]).toHaveProperty('danger', 'data-loss')
  })

  test('fewer partitions are blocked, more are an update', () => {
    expect(
      plan({ topics: [topic({ name: 't', partitions: 2 })] }, topicsAs(actualTopic('t'))).changes[0],
    ).toMatchObject({ blocked: { code: 'fewer-partitions' } })
    const more = plan({ topics: [topic({ name: 't', partitions: 5 })] }, topicsAs(actualTopic('t'))).changes[0]
    expect(more).toEqual({
      kind: 'topic',
      name: 't',
      action: 'update',
      fields: [{ path: 'partitions', before: 3, after: 5 }],
    })
  })

  test.each([
    ['with a key', topic({ name: 't', partitions: 5, key: { kind: 'string' } }), new Map()],
    [
      'compacted by the file',
      topic({ name: 't', partitions: 5, config: new Map([['cleanup.policy', 'compact']]) }),
      new Map([['cleanup.policy', config('compact')]]),
    ],
    [
      'compacted on the cluster',
      topic({ name: 't', partitions: 5 }),
      new Map([['cleanup.policy', config('compact,delete')]]),
    ],
  ])('more partitions on a topic %s need a word', (_title, declared, configs) => {
    const there = topicsAs(actualTopic('t', 3, { configs }))
    expect(plan({ topics: [declared] }, there).changes[0]).toMatchObject({
      danger: 'reorders-keys',
      blocked: { code: 'needs-allow-repartition' },
    })
    const allowed = plan({ topics: [declared] }, there, { allowRepartition: true }).changes[0]
    expect(allowed).toMatchObject({ danger: 'reorders-keys' })
    expect(allowed).not.toHaveProperty('blocked')
  })

  test('another replication is blocked; while replicas move it is not compared', () => {
    const declared = topic({ name: 't', replication: 3 })
    expect(plan({ topics: [declared] }, topicsAs(actualTopic('t'))).changes[0]).toMatchObject({
      blocked: { code: 'replication-change', message: expect.stringContaining('1 -> 3') },
    })
    const uneven = plan({ topics: [declared] }, topicsAs(actualTopic('t', 3, { replicaCounts: [3, 4, 3] })))
    expect(uneven.changes[0]).toMatchObject({ fields: [{ path: 'replication', before: 4, after: 3 }] })
    const moving = plan(
      { topics: [declared] },
      topicsAs(actualTopic('t', 3, { replicaCounts: [3, 4, 3], isReassigning: true })),
    )
    expect(moving).toMatchObject({ changes: [], findings: [{ code: 'reassignment-in-progress' }] })
  })

  test('a policy that is broken blocks the change, and says so where there is none', () => {
    const broken = {
      severity: 'error',
      code: 'policy-topic-owner',
      message: 'the topic "t" has no owner',
      topic: 't',
      at,
    } as const
    expect(plan({ topics: [topic({ name: 't' })] }, {}, { policyFindings: [broken] }).changes[0]).toMatchObject({
      blocked: { code: 'policy', message: broken.message },
    })
    expect(
      plan({ topics: [topic({ name: 't' })] }, topicsAs(actualTopic('t')), { policyFindings: [broken] }),
    ).toMatchObject({ changes: [], findings: [{ code: broken.code, message: broken.message }] })
    expect(
      plan({ topics: [topic({ name: 't' })] }, {}, { policyFindings: [{ ...broken, severity: 'warning' }] }).changes[0],
    ).not.toHaveProperty('blocked')
  })

  test('what can be known of a change survives being applied: the next plan is empty', () => {
    const values = fc.constantFrom('1', '1000', '-1', 'compact', 'delete')
    const arbitrary = fc.record({
      partitions: fc.integer({ min: 1, max: 9 }),
      config: fc.dictionary(fc.constantFrom('retention.ms', 'segment.ms', 'cleanup.policy'), values),
    })
    const asTopic = (t: { partitions: number; config: Record<string, string> }): Topic =>
      topic({ name: 't', partitions: t.partitions, config: new Map(Object.entries(t.config)) })
    fc.assert(
      fc.property(arbitrary, arbitrary, (first, second) => {
        const there = actualTopic('t', first.partitions, {
          configs: new Map(Object.entries(first.config).map(([k, v]) => [k, config(v)])),
        })
        const [change] = plan({ topics: [asTopic(second)] }, topicsAs(there), { allowRepartition: true }).changes
        if (change?.blocked) return
        const count = change ? after(change, 'partitions') : undefined
        const configs = new Map([
          ...there.configs,
          ...(change ? configsOf(change).map(([k, v]) => [k, config(v)] as const) : []),
        ])
        const applied = actualTopic('t', typeof count === 'number' ? count : first.partitions, { configs })
        expect(plan({ topics: [asTopic(second)] }, topicsAs(applied)).changes).toEqual([])
      }),
    )
  })
})

const money = '{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"units","type":"long"}]}'
const order = '{"type":"record","name":"Order","fields":[{"name":"total","type":"string"}]}'
const usesMoney = { references: [{ name: 'shop.Money', subject: 'shop.Money' }] }
const latest = (version: number, text: string): ActualSubject['latest'] => ({ version, text, references: [] })

describe('subjects', () => {
  test('a new subject is created, with its level before its schema', () => {
    const made = plan({ subjects: [subject('s', order, { compatibility: 'FULL' })] })
    expect(made.changes).toEqual([
      {
        kind: 'subject',
        name: 's',
        action: 'create',
        fields: [
          { path: 'compatibility', before: null, after: 'FULL' },
          { path: 'schema', before: null, after: order },
        ],
      },
    ])
  })

  test('a registered schema is unchanged; a newer version of somebody else is told', () => {
    expect(
      plan(
        { subjects: [subject('s', order)] },
        subjectsAs({ name: 's', latest: latest(2, order), matchingVersion: 2 }),
      ),
    ).toMatchObject({ changes: [], findings: [] })
    const older = plan(
      { subjects: [subject('s', order)] },
      subjectsAs({ name: 's', latest: latest(3, money), matchingVersion: 2 }),
    )
    expect(older).toMatchObject({ changes: [], findings: [{ code: 'newer-version-registered' }] })
  })

  test('another level alone is an update without a schema', () => {
    const there = {
      ...subjectsAs({ name: 's', latest: latest(1, order), matchingVersion: 1 }),
      levels: new Map([['s', 'BACKWARD' as const]]),
    }
    const made = plan({ subjects: [subject('s', order, { compatibility: 'FULL' })] }, there)
    expect(made.changes[0]).toMatchObject({
      action: 'update',
      fields: [{ path: 'compatibility', before: 'BACKWARD', after: 'FULL' }],
    })
  })

  test('what a schema refers to is registered first, and a new version of it moves the schema', () => {
    const declared = [subject('shop.Money', money), subject('s', order, usesMoney)]
    const fresh = plan({ subjects: declared })
    expect(fresh.changes.map((change) => change.name)).toEqual(['shop.Money', 's'])
    expect(after(fresh.changes[1]!, 'references')).toEqual([
      { name: 'shop.Money', subject: 'shop.Money', version: null },
    ])
    const referred = {
      name: 's',
      matchingVersion: 1,
      latest: { version: 1, text: order, references: [{ name: 'shop.Money', subject: 'shop.Money', version: 1 }] },
    }
    const moved = plan({ subjects: declared }, subjectsAs({ name: 'shop.Money', latest: latest(1, order) }, referred))
    expect(moved.changes[1]).toMatchObject({ name: 's', action: 'update' })
    expect(moved.changes[1]!.fields.at(-1)).toEqual({
      path: 'references',
      before: [{ name: 'shop.Money', subject: 'shop.Money', version: 1 }],
      after: [{ name: 'shop.Money', subject: 'shop.Money', version: null }],
    })
  })

  test('one kind alone can be planned', () => {
    const both = { topics: [topic({ name: 't' })], subjects: [subject('s', order)] }
    expect(plan(both, {}, { only: 'topic' }).changes.map((change) => change.kind)).toEqual(['topic'])
    expect(plan(both, {}, { only: 'subject' }).changes.map((change) => change.kind)).toEqual(['subject'])
  })
})

describe('judging a schema by a level that is not in force yet', () => {
  const grown =
    '{"type":"record","name":"Order","fields":[{"name":"total","type":"string"},{"name":"note","type":"string"}]}'
  const other = '{"type":"record","name":"Order","fields":[]}'

  test('a level names one version or all of them', () => {
    const earlier = [
      { version: 2, texts: [grown] },
      { version: 1, texts: [order] },
    ]
    expect(incompatibilitiesUnder('BACKWARD', subject('s', grown), earlier)).toEqual([])
    expect(incompatibilitiesUnder('BACKWARD_TRANSITIVE', subject('s', grown), earlier)).toEqual([
      expect.stringMatching(/^version 1: .*note/),
    ])
    expect(incompatibilitiesUnder('FORWARD', subject('s', other), earlier)).toHaveLength(2)
  })

  test('registered references come before what refers to them', () => {
    const priced = '{"type":"record","name":"Order","fields":[{"name":"total","type":"shop.Money"}]}'
    const known = new Map([['shop.Money', parseSchema(money) as never]])
    const declared = { ...subject('s', money), schema: parseSchema(priced, { known }) }
    expect(incompatibilitiesUnder('FULL', declared, [{ version: 1, texts: [money, priced] }])).toEqual([])
    expect(JSON.parse(selfContainedText(declared))).toMatchObject({ fields: [{ type: { name: 'Money' } }] })
  })
})

describe('config values', () => {
  test.each([
    ['604800000', '0604800000', true],
    ['0.5', '0.50', true],
    ['9223372036854775807', '9223372036854775806', false],
    ['delete,compact', 'compact , delete', true],
    ['TRUE', 'true', true],
    ['delete', 'compact', false],
    ['', '', true],
  ])('%s and %s: %s', (a, b, same) => expect(isSameConfigValue(a, b)).toBe(same))
})
