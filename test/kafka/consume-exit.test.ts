// consume --exit ends where the end was when it began, whatever stands there: nothing, gaps, rolled back records, markers, open
// transactions. Each with and without a group; what is read is compared with what Java's consumer reads.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { javaOffsets } from '../scenarios/groups.ts'
import { type Stage, setStage } from '../scenarios/stage.ts'
import { type JavaNewRecord, programs } from '../support/kafka-shell.ts'
import { skipNote } from '../support/native-runtime.ts'
import { type TestStack, stackIsMissing, startStack } from '../support/test-stack.ts'

const missing = stackIsMissing()
const start = Date.UTC(2026, 0, 31, 10)

interface Shown {
  readonly partition: number
  readonly offset: number
  readonly value: string | null
}

/** `PARTITION:OFFSET=VALUE` of what consume printed, in the order of both. */
function shownIn(stdout: string): string[] {
  const records = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Shown)
  return records
    .toSorted((a, b) => a.partition - b.partition || a.offset - b.offset)
    .map(({ partition, offset, value }) => `${partition}:${offset}=${value}`)
}

/** What `fill` leaves in a topic: the records that are to be seen, and the offsets that a group has committed in the end. */
interface Filled {
  readonly records: readonly string[]
  /** by partition; those that a group has no need to commit are left out */
  readonly committed: Readonly<Record<number, number>>
}

interface Case {
  readonly name: string
  readonly topic: string
  readonly partitions?: number
  readonly configs?: string
  readonly fill: (stage: Stage, topic: string) => Promise<Filled>
}

/** Records with the values v0, v1, ..., a second apart. */
function values(topic: string, from: number, to: number, partition = 0): JavaNewRecord[] {
  return Array.from({ length: to - from }, (_, i) => ({
    topic,
    partition,
    key: 'k',
    value: `v${from + i}`,
    timestamp: BigInt(start + (from + i) * 1000),
  }))
}

const shown = (from: number, to: number, partition = 0): string[] =>
  Array.from({ length: to - from }, (_, i) => `${partition}:${from + i}=v${from + i}`)

async function deleteBefore(stage: Stage, topic: string, offsets: Readonly<Record<number, number>>): Promise<void> {
  const partitions = Object.entries(offsets).map(([partition, offset]) => ({
    topic,
    partition: Number(partition),
    offset,
  }))
  await stage.write(`${topic}.json`, JSON.stringify({ partitions, version: 1 }))
  await stage.kafka('deleteRecords', `--offset-json-file ${stage.folder}/${topic}.json`)
}

/** Writes in a transaction and ends it. */
async function transact(stage: Stage, records: readonly JavaNewRecord[], how: 'commit' | 'abort'): Promise<void> {
  const id = `${records[0]!.topic}-writer`
  await stage.java.begin(stage.bootstrap, id, records)
  await stage.java.end(id, how)
}

/** The offsets that are in the log of partition 0 still, markers left out. */
async function offsetsLeft(stage: Stage, topic: string): Promise<number[]> {
  return (await stage.java.read(stage.bootstrap, topic, 'read_uncommitted')).map(({ offset }) => offset)
}

const cases: readonly Case[] = [
  {
    // the first case: its group is the first that the cluster hears of, so there is no coordinator yet
    name: 'an empty topic',
    topic: 'empty',
    partitions: 3,
    fill: () => Promise.resolve({ records: [], committed: {} }),
  },
  {
    name: 'a topic that was emptied',
    topic: 'emptied',
    partitions: 2,
    fill: async (stage, topic) => {
      await stage.java.write(stage.bootstrap, [...values(topic, 0, 100), ...values(topic, 0, 5, 1)])
      await deleteBefore(stage, topic, { 0: -1, 1: -1 })
      return { records: [], committed: {} }
    },
  },
  {
    name: 'a topic of which one partition was emptied, and one in the middle of a batch',
    topic: 'partly-emptied',
    partitions: 3,
    fill: async (stage, topic) => {
      await stage.java.write(
        stage.bootstrap,
        [0, 1, 2].flatMap((partition) => values(topic, 0, 20, partition)),
      )
      await deleteBefore(stage, topic, { 0: -1, 1: 7 })
      return { records: [...shown(7, 20, 1), ...shown(0, 20, 2)], committed: { 1: 20, 2: 20 } }
    },
  },
  {
    name: 'a compacted topic whose last offsets are gone',
    topic: 'compacted',
    configs:
      'cleanup.policy=compact min.cleanable.dirty.ratio=0 segment.ms=1000 delete.retention.ms=0 min.compaction.lag.ms=0',
    fill: async (stage, topic) => {
      // the last value of one key stays; those of the others are deleted by tombstones, and a transaction is rolled back
      const of = (key: number, value: string | null): JavaNewRecord => ({ topic, key: `k${key}`, value })
      const all = [0, 1, 2].flatMap((round) => Array.from({ length: 10 }, (_, key) => of(key, `v${round}-${key}`)))
      await stage.java.write(stage.bootstrap, all)
      await stage.java.write(
        stage.bootstrap,
        Array.from({ length: 9 }, (_, key) => of(key + 1, null)),
      )
      let end = 39
      // the cleaner leaves the segment that is written to alone, and tombstones for one round: each transaction brings another one
      const isClean = await waitFor(
        async () => {
          await stage.java.begin(stage.bootstrap, topic, [of(0, 'rolled back')])
          // the marker is later than segment.ms allows in the segment of the record: it begins another one
          await sleep(1100)
          await stage.java.end(topic, 'abort')
          end += 2
          return waitFor(async () => ((await offsetsLeft(stage, topic)).join() === '20' ? true : undefined), {
            timeoutMs: 8000,
            everyMs: 500,
          })
        },
        { timeoutMs: 90_000 },
      )
      if (!isClean) throw new Error(`not compacted: ${(await offsetsLeft(stage, topic)).join()} of ${end}`)
      return { records: ['0:20=v2-0'], committed: { 0: end } }
    },
  },
  {
    name: 'a tail of rolled back records',
    topic: 'rolled-back',
    partitions: 2,
    fill: async (stage, topic) => {
      await stage.java.write(stage.bootstrap, values(topic, 0, 10))
      await transact(stage, values(topic, 10, 2000), 'abort')
      // and nothing but rolled back records in the other partition
      await transact(stage, values(topic, 0, 3, 1), 'abort')
      return { records: shown(0, 10), committed: { 0: 2001, 1: 4 } }
    },
  },
  {
    name: 'a tail of nothing but markers',
    topic: 'markers',
    fill: async (stage, topic) => {
      await transact(stage, values(topic, 0, 10), 'commit')
      for (let i = 0; i < 3; i++) await transact(stage, values(topic, 11 + i * 2, 12 + i * 2), 'abort')
      await deleteBefore(stage, topic, { 0: 5 })
      return { records: shown(5, 10), committed: { 0: 17 } }
    },
  },
  {
    name: 'a topic that begins at its last marker',
    topic: 'one-marker',
    fill: async (stage, topic) => {
      await transact(stage, values(topic, 0, 10), 'commit')
      await deleteBefore(stage, topic, { 0: 10 })
      return { records: [], committed: { 0: 11 } }
    },
  },
  {
    name: 'committed and rolled back transactions by turns',
    topic: 'turns',
    fill: async (stage, topic) => {
      const records: string[] = []
      for (let i = 0; i < 10; i++) {
        await transact(stage, values(topic, i * 6, i * 6 + 5), i % 2 === 0 ? 'commit' : 'abort')
        if (i % 2 === 0) records.push(...shown(i * 6, i * 6 + 5))
      }
      return { records, committed: { 0: 60 } }
    },
  },
  {
    name: 'an open transaction, with records of others behind it',
    topic: 'open',
    partitions: 2,
    fill: async (stage, topic) => {
      await stage.java.write(stage.bootstrap, values(topic, 0, 10))
      await stage.java.begin(stage.bootstrap, 'open', values(topic, 10, 20))
      await stage.java.write(stage.bootstrap, [...values(topic, 20, 30), ...values(topic, 0, 5, 1)])
      return { records: [...shown(0, 10), ...shown(0, 5, 1)], committed: { 0: 10, 1: 5 } }
    },
  },
  {
    name: 'a topic that begins with an open transaction',
    topic: 'only-open',
    fill: async (stage, topic) => {
      await stage.java.begin(stage.bootstrap, 'only-open', values(topic, 0, 20))
      return { records: [], committed: {} }
    },
  },
  {
    name: 'a topic of 200 partitions: full ones, empty ones, emptied ones',
    topic: 'many',
    partitions: 200,
    fill: async (stage, topic) => {
      const counts = Array.from({ length: 200 }, (_, partition) => (partition % 4 === 0 ? 0 : 1 + (partition % 50)))
      await stage.java.write(
        stage.bootstrap,
        counts.flatMap((count, partition) => values(topic, 0, count, partition)),
      )
      const isEmptied = (partition: number): boolean => partition % 4 === 3
      const full = [...counts.entries()].filter(([, count]) => count > 0)
      const emptied = full.filter(([partition]) => isEmptied(partition))
      await deleteBefore(stage, topic, Object.fromEntries(emptied.map(([partition]) => [partition, -1])))
      const rest = full.filter(([partition]) => !isEmptied(partition))
      return {
        records: rest.flatMap(([partition, count]) => shown(0, count, partition)),
        committed: Object.fromEntries(rest),
      }
    },
  },
]

describe.skipIf(missing !== undefined)(`consume --exit${skipNote(missing)}`, () => {
  let stack: TestStack
  beforeAll(async () => {
    stack = await startStack('version: "3.9", coordination: kraft')
    // the cleaner looks for work every 15 s by default
    const often = [
      '--alter',
      '--entity-type',
      'brokers',
      '--entity-default',
      '--add-config',
      'log.cleaner.backoff.ms=200',
    ]
    await stack.java.ask(programs.configs, ['--bootstrap-server', stack.bootstrap, ...often])
  })
  afterAll(() => stack.close())

  const newStage = async (topic: string): Promise<Stage> => {
    const stage = setStage(stack, topic)
    await stage.declare(`topics: { ${topic}: { key: string, value: string } }\n`)
    return stage
  }
  const create = (stage: Stage, topic: string, partitions = 1, configs = ''): Promise<string> => {
    const kept = configs.includes('segment.ms') ? '' : '--config segment.ms=9223372036854775807'
    const set = configs.split(' ').map((config) => (config === '' ? '' : `--config ${config}`))
    return stage.kafka(
      'topics',
      `--create --topic ${topic} --partitions ${partitions} --config retention.ms=-1 ${kept} ${set.join(' ')}`,
    )
  }
  const committed = async (stage: Stage, group: string): Promise<Record<number, number>> => {
    const offsets = await javaOffsets(stage, group).catch(() => [])
    return Object.fromEntries(offsets.filter((one) => one.committed >= 0).map((one) => [one.partition, one.committed]))
  }

  test.each(cases.map((one) => [one.name, one] as const))('ends on %s', async (_, one) => {
    const { topic, partitions, configs, fill } = one
    const stage = await newStage(topic)
    await create(stage, topic, partitions, configs)
    const filled = await fill(stage, topic)

    const read = async (options = ''): Promise<unknown> => {
      const { code, stdout, stderr } = await stage.run(`consume ${topic} --exit -o json ${options}`)
      return [code, shownIn(stdout), stderr]
    }
    expect(await read()).toEqual([0, filled.records, ''])
    expect(await read(`--group ${topic}-readers`)).toEqual([0, filled.records, ''])
    expect(await committed(stage, `${topic}-readers`)).toEqual(filled.committed)
    expect(await read(`--group ${topic}-readers`)).toEqual([0, [], ''])
    const java = await stage.java.read(stage.bootstrap, topic)
    expect(java.map(({ partition, offset, value }) => `${partition}:${offset}=${String(value)}`)).toEqual(
      filled.records,
    )
  })

  test.each([
    ['alone', ''],
    ['in a group', '--group busy-readers'],
  ])('ends on a busy topic while a producer writes, %s', async (how, options) => {
    const topic = `busy-${how.replaceAll(' ', '-')}`
    const stage = await newStage(topic)
    await create(stage, topic, 3)
    const before = 20_000
    const line = (i: number): string => `v${i} ${'x'.repeat(200)}\n`
    await stage.done(`produce ${topic}`, Array.from({ length: before }, (_, i) => line(i)).join(''))
    const writer = stage.start(`produce ${topic}`)
    let next = before
    const timer = setInterval(() => {
      for (let i = 0; i < 200; i++) writer.stdin.write(line(next++))
    }, 10)
    const ends = async (): Promise<number> => {
      const of = ['--bootstrap-server', stack.bootstrap, '--topic', topic]
      const text = await stage.java.ask('org.apache.kafka.tools.GetOffsetShell', of)
      return text
        .split('\n')
        .slice(0, -1)
        .reduce((sum, each) => sum + Number(each.split(':')[2]), 0)
    }
    const isWriting = await waitFor(async () => ((await ends()) > before ? true : undefined), { timeoutMs: 60_000 })
    expect(isWriting).toBe(true)
    const least = await ends()
    const seen = shownIn(await stage.done(`consume ${topic} --exit -o json ${options}`)).map(
      (record) => record.split(' ')[0]!,
    )
    const most = await ends()
    clearInterval(timer)
    writer.stdin.end()
    expect((await writer.ended).code).toBe(0)
    expect(seen.length).toBeGreaterThanOrEqual(least)
    expect(seen.length).toBeLessThan(most)

    const counts = [0, 1, 2].map((partition) => seen.filter((record) => record.startsWith(`${partition}:`)).length)
    const all = await stage.java.read(stage.bootstrap, topic)
    const expected = all.filter(({ partition, offset }) => offset < counts[partition]!)
    expect(seen).toEqual(
      expected.map(({ partition, offset, value }) => `${partition}:${offset}=${String(value).split(' ')[0]}`),
    )
    if (options !== '') expect(Object.values(await committed(stage, 'busy-readers'))).toEqual(counts)
  })
})
