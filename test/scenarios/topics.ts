// Topics: planned, proven, applied; judged by TopicCommand and ConfigCommand.
import { expect } from 'vitest'
import { block } from '../support/block.ts'
import type { Scenario, Stage } from './stage.ts'

const setConfig = (stage: Stage, topic: string, config: string): Promise<string> =>
  stage.kafka('configs', `--alter --entity-type topics --entity-name ${topic} --add-config ${config}`)

const applyTwice: Scenario = {
  name: 'apply makes what is declared; the second one has nothing to do',
  slug: 'twice',
  play: async (stage) => {
    await stage.declare(block`
      topicDefaults: { partitions: 2, config: { min.insync.replicas: 1 } }
      topics:
        twice.orders: { partitions: 3, key: string, config: { retention.ms: 3d, cleanup.policy: [delete, compact] } }
        twice.audit: {}
    `)
    const plan = block`
      twice in local (cluster CLUSTER)

        + topic twice.orders
            partitions                  3
            replication                 1
            config.min.insync.replicas  1
            config.retention.ms         259200000 (3d)
            config.cleanup.policy       delete,compact

        + topic twice.audit
            partitions                  2
            replication                 1
            config.min.insync.replicas  1

      Plan: 2 to create, 0 unchanged.
    `
    expect(await stage.run('plan')).toEqual({ code: 0, stdout: plan, stderr: '' })
    expect(await stage.javaTopic('twice.orders')).toBeUndefined()
    expect(await stage.run('apply --yes')).toEqual({ code: 0, stdout: `${plan}Applied: 2 done.\n`, stderr: '' })
    expect(await stage.javaTopic('twice.orders')).toEqual({
      partitions: 3,
      replication: 1,
      configs: { 'min.insync.replicas': '1', 'retention.ms': '259200000', 'cleanup.policy': 'delete,compact' },
    })
    expect(await stage.javaTopic('twice.audit')).toEqual({
      partitions: 2,
      replication: 1,
      configs: { 'min.insync.replicas': '1' },
    })
    const nothing = 'twice in local (cluster CLUSTER)\n\nNo changes: 2 unchanged.\n'
    expect(await stage.run('apply --yes')).toEqual({ code: 0, stdout: nothing, stderr: '' })
    expect(await stage.run('plan --detailed-exitcode')).toEqual({ code: 0, stdout: nothing, stderr: '' })
  },
}

const foreignOverride: Scenario = {
  name: 'a config changes, one that somebody else set is told and left alone',
  slug: 'foreign',
  play: async (stage) => {
    const declare = (retention: string): Promise<void> =>
      stage.declare(`topics:\n  foreign.orders: { config: { retention.ms: ${retention}, segment.ms: 1h } }\n`)
    await declare('2d')
    await stage.done('apply --yes')
    await setConfig(stage, 'foreign.orders', 'max.message.bytes=2000000')
    // the same value in other words is no difference
    await setConfig(stage, 'foreign.orders', 'segment.ms=03600000')
    await declare('1d')
    const undeclared = block`
      info[undeclared-config]: topic "foreign.orders" has max.message.bytes=2000000 set, which platform.yaml does not name; it is left alone
        --> foreign.yaml:5:3
      5 |   foreign.orders: { config: { retention.ms: 1d, segment.ms: 1h } }
        |   ^^^^^^^^^^^^^^
    `
    const plan = block`
      foreign in local (cluster CLUSTER)

        ~ topic foreign.orders
            config.retention.ms  172800000 (2d) -> 86400000 (1d)
            danger: records may be deleted

      ${undeclared.trimEnd().replaceAll('\n', '\n      ')}

      Plan: 1 to update, 0 unchanged.
    `
    expect(await stage.run('plan --detailed-exitcode')).toEqual({ code: 2, stdout: plan, stderr: '' })
    expect(await stage.run('apply --yes')).toEqual({ code: 0, stdout: `${plan}Applied: 1 done.\n`, stderr: '' })
    expect((await stage.javaTopic('foreign.orders'))?.configs).toEqual({
      'max.message.bytes': '2000000',
      'retention.ms': '86400000',
      'segment.ms': expect.stringMatching(/^0?3600000$/),
    })
    expect(await stage.run('verify')).toEqual({
      code: 0,
      stdout: `${undeclared}\npassed  platform\npassed  settings\npassed  topics\n`,
      stderr: '',
    })
    await setConfig(stage, 'foreign.orders', 'retention.ms=5')
    const verdict = await stage.run('verify')
    expect([verdict.code, verdict.stderr]).toEqual([2, ''])
    expect(verdict.stdout).toBe(block`
      ${undeclared.trimEnd().replaceAll('\n', '\n      ')}

      error[drift]: config.retention.ms of topic "foreign.orders" is 5, platform.yaml says 86400000
        --> foreign.yaml:5:45
      5 |   foreign.orders: { config: { retention.ms: 1d, segment.ms: 1h } }
        |                                             ^^
        = \`evplat apply\` makes it so

      passed  platform
      passed  settings
      FAILED  topics
    `)
  },
}

const morePartitions: Scenario = {
  name: 'more partitions: at once where keys do not matter, else only when it is meant',
  slug: 'more',
  play: async (stage) => {
    const declare = (count: number): Promise<void> =>
      stage.declare(block`
        topics:
          more.plain: { partitions: ${count} }
          more.keyed: { partitions: ${count}, key: string }
      `)
    await declare(1)
    await stage.done('apply --yes')
    await declare(4)
    const plan = block`
      more in local (cluster CLUSTER)

        ~ topic more.plain
            partitions  1 -> 4

        ! topic more.keyed  BLOCKED
            partitions  1 -> 4
            danger: records of a key may end up in another partition: their order is lost
            needs-allow-repartition: more partitions move keys to other partitions, and the order of their records is lost
            = when that is meant: \`evplat apply --allow-repartition\`

      Plan: 1 to update, 1 blocked, 0 unchanged.
    `
    expect(await stage.run('plan')).toEqual({ code: 3, stdout: plan, stderr: '' })
    expect(await stage.run('apply --yes')).toEqual({ code: 3, stdout: `${plan}Nothing was applied.\n`, stderr: '' })
    expect((await stage.javaTopic('more.plain'))?.partitions).toBe(1)
    await stage.done('apply --yes --allow-repartition')
    expect((await stage.javaTopic('more.plain'))?.partitions).toBe(4)
    expect((await stage.javaTopic('more.keyed'))?.partitions).toBe(4)
  },
}

const impossible: Scenario = {
  name: 'fewer partitions, too many replicas, what the broker refuses: BLOCKED, exit 3, and nothing is applied',
  slug: 'never',
  play: async (stage) => {
    await stage.declare('topics:\n  never.fewer: { partitions: 3 }\n  never.copies: {}\n')
    await stage.done('apply --yes')
    await stage.declare(block`
      topics:
        never.fewer: { partitions: 2 }
        never.copies: { replication: 3 }
        never.three: { replication: 3 }
        never.lag: { config: { cleanup.policy: compact, min.compaction.lag.ms: 2h, max.compaction.lag.ms: 1h } }
        never.fine: {}
    `)
    const { code, stdout } = await stage.run('plan -o json')
    const plan = JSON.parse(stdout) as { changes: { name: string; blocked?: unknown }[]; summary: unknown }
    expect(code).toBe(3)
    expect(plan.summary).toEqual({ create: 1, update: 0, delete: 0, blocked: 4, unchanged: 0 })
    const copies = '--create --topic never.java --partitions 1 --replication-factor 3'
    const refused = await stage.kafka('topics', copies).catch(String)
    const said = /: (.*replication factor.*)/i.exec(refused)?.[1]
    expect(plan.changes.map(({ name, blocked }) => [name, blocked])).toEqual([
      [
        'never.fewer',
        {
          code: 'fewer-partitions',
          message: "Kafka can't take partitions away from a topic (3 -> 2)",
          remedy: 'declare 3 partitions, or delete the topic and its records: `evplat topics delete never.fewer`',
        },
      ],
      [
        'never.copies',
        {
          code: 'replication-change',
          message: 'the replication of an existing topic is not changed in this version (1 -> 3)',
          remedy: 'declare replication 1, or delete the topic and its records: `evplat topics delete never.copies`',
        },
      ],
      ['never.three', { code: 'broker-refused', name: 'INVALID_REPLICATION_FACTOR', message: said }],
      [
        'never.lag',
        {
          code: 'broker-refused',
          name: 'INVALID_CONFIG',
          message: expect.stringMatching(
            /conflict topic config setting min\.compaction\.lag\.ms .*max\.compaction\.lag\.ms/,
          ),
        },
      ],
      ['never.fine', undefined],
    ])
    const applied = await stage.run('apply --yes -o json')
    expect(applied.code).toBe(3)
    expect((JSON.parse(applied.stdout) as { results: unknown }).results).toEqual(
      plan.changes.map(({ name }) => ({ kind: 'topic', name, outcome: 'skipped' })),
    )
    expect(await stage.javaTopic('never.fine')).toBeUndefined()
    expect((await stage.javaTopic('never.fewer'))?.partitions).toBe(3)
  },
}

const clusterGuard: Scenario = {
  name: 'another cluster than the one that is named is refused',
  slug: 'guard',
  play: async (stage) => {
    const declare = (id: string): Promise<void> =>
      stage.declare(block`
        environments:
          place: { kafka: { bootstrap: ["${stage.bootstrap}"], clusterId: ${id} } }
        topics: { guard.orders: {} }
      `)
    await declare('4L6g3nShT-eMCtK--X86sw')
    for (const command of ['plan', 'apply --yes', 'topics list', 'topics delete guard.orders --yes']) {
      const refused = await stage.run(`${command} --env place`)
      expect(refused).toEqual({
        code: 3,
        stdout: '',
        stderr: expect.stringMatching(
          /^error\[wrong-cluster\]: this is cluster [\w-]{22}, and platform.yaml expects 4L6g3nShT-eMCtK--X86sw\n {2}try: check `kafka.bootstrap` and `kafka.clusterId` of this environment\n$/,
        ),
      })
    }
    const { clusterId } = await stage.json<{ clusterId: string }>('plan')
    await declare(clusterId)
    expect(await stage.done('apply --yes --env place')).toMatch(
      /^guard in place \(cluster CLUSTER\)\n[^]*Applied: 1 done.\n$/,
    )
    expect(await stage.javaTopic('guard.orders')).toEqual({ partitions: 1, replication: 1, configs: {} })
  },
}

const oneKind: Scenario = {
  name: '--detailed-exitcode, topics plan and apply, list and describe, with and without a platform file',
  slug: 'kind',
  play: async (stage) => {
    await stage.write('kind/note.avsc', '{"type":"record","name":"Note","fields":[{"name":"text","type":"string"}]}')
    await stage.declare(block`
      topics:
        kind.notes: { partitions: 2, config: { retention.bytes: 1MiB }, value: { schema: kind/note.avsc } }
    `)
    expect((await stage.run('plan --detailed-exitcode')).code).toBe(2)
    expect(await stage.done('topics apply --yes')).toMatch(/Applied: 1 done.\n$/)
    expect((await stage.run('topics plan --detailed-exitcode')).code).toBe(0)
    expect((await stage.run('plan --detailed-exitcode')).code).toBe(2)
    expect((await stage.ask('GET', '/subjects/kind.notes-value/versions')).status).toBe(404)
    expect(await stage.done('schemas apply --yes')).toMatch(/Applied: 1 done.\n$/)
    expect((await stage.run('plan --detailed-exitcode')).code).toBe(0)
    expect((await stage.ask('GET', '/subjects/kind.notes-value/versions')).body).toEqual([1])

    const topic = { name: 'kind.notes', partitions: 2, replication: 1 }
    const listed = await stage.json<{ name: string }[]>('topics list')
    expect(listed.find(({ name }) => name === 'kind.notes')).toEqual({ ...topic, outOfSync: 0, declared: true })
    expect(listed.some(({ name }) => name.startsWith('_'))).toBe(false)
    const anywhere = await stage.json<{ name: string }[]>(`topics list --bootstrap ${stage.bootstrap}`)
    expect(anywhere.find(({ name }) => name === 'kind.notes')).toEqual({ ...topic, outOfSync: 0 })
    const described = await stage.kafka('topics', '--describe --topic kind.notes')
    const leaders = [...described.matchAll(/Partition: \d+\s+Leader: (\d+)/g)].map(([, leader]) => Number(leader))
    expect(await stage.json('topics describe kind.notes')).toEqual({
      ...topic,
      configs: [{ name: 'retention.bytes', value: '1048576', source: 'topic' }],
      partitionDetails: [0, 1].map((partition) => {
        const leader = leaders[partition]!
        return { partition, leader, replicas: [leader], inSync: [leader], start: 0, end: 0 }
      }),
    })
    expect(await stage.run(`topics describe kind.note --bootstrap ${stage.bootstrap}`)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error[topic-missing]: there is no topic "kind.note"\n  try: did you mean "kind.notes"?\n',
    })
  },
}

const deleteTopics: Scenario = {
  name: 'topics delete wants a yes, refuses what is internal, and deletes what is named',
  slug: 'gone',
  play: async (stage) => {
    await stage.declare('topics: { gone.one: {}, gone.two: { partitions: 2 }, gone.stays: {} }\n')
    await stage.done('apply --yes')
    expect(await stage.run('topics delete gone.one')).toEqual({
      code: 64,
      stdout: '',
      stderr:
        'error[needs-terminal]: deleting has to be confirmed, and there is no terminal\n  try: confirm beforehand with `--yes`\n',
    })
    for (const [internal, hint] of [
      ['__consumer_offsets', ''],
      ['_schemas', '  try: it holds the schemas of the registry: `evplat schemas delete` deletes those\n'],
    ])
      expect(await stage.run(`topics delete gone.one ${internal} --yes`)).toEqual({
        code: 3,
        stdout: '',
        stderr: `error[protected]: topic "${internal}" belongs to the cluster itself and is not deleted by evplat\n${hint}`,
      })
    expect((await stage.run('topics delete gone.one gone.tow --yes')).stderr).toBe(
      'error[topic-missing]: there is no topic "gone.tow"\n  try: did you mean "gone.two"?\n',
    )
    expect(await stage.javaTopic('gone.one')).toBeDefined()
    expect(await stage.done('topics delete gone.one gone.two --yes')).toBe(
      'deleted topic gone.one\ndeleted topic gone.two\n',
    )
    const list = await stage.kafka('topics', '--list')
    expect(list.split('\n').filter((name) => name.startsWith('gone.'))).toEqual(['gone.stays'])
    // a topic that was deleted can be there again at once
    expect(await stage.done('apply --yes')).toMatch(/Plan: 2 to create, 1 unchanged.\nApplied: 2 done.\n$/)
  },
}

export const topicScenarios: readonly Scenario[] = [
  applyTwice,
  foreignOverride,
  morePartitions,
  impossible,
  clusterGuard,
  oneKind,
  deleteTopics,
]
