// Three brokers, three copies of everything: records go to leaders on all of them, and a broker that is killed in the middle of writing
// and reading costs nothing: every record is there, once, in the order of its key.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { type Stage, setStage } from '../scenarios/stage.ts'
import { skipNote } from './native-runtime.ts'
import type { Platform } from './platforms.ts'
import { type Ground, type TestStack, stackIsMissing, startStack } from './test-stack.ts'

const keys = 40

/** `KEY:NUMBER` for the numbers from `from` on */
function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => `key-${(from + i) % keys}:${from + i}\n`).join('')
}

/** Values that are missing, there twice, or before an older one of their key. */
function troubles(records: readonly { readonly key: string; readonly value: string }[], count: number): string[] {
  const seen = new Set<number>()
  const newest = new Map<string, number>()
  const found: string[] = []
  for (const { key, value } of records) {
    const number = Number(value)
    if (seen.has(number)) found.push(`${value} is there twice`)
    else if (number < (newest.get(key) ?? -1)) found.push(`${value} comes after ${newest.get(key)}`)
    if (key !== `key-${number % keys}`) found.push(`${value} has the key ${key}`)
    seen.add(number)
    newest.set(key, number)
  }
  for (let number = 0; number < count; number++) if (!seen.has(number)) found.push(`${number} is missing`)
  return found
}

const parsed = (stdout: string): { key: string; value: string }[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { key: string; value: string })

export interface ThreeBrokers extends Ground {
  /** why it can't be played here, where it needs more than the tools */
  readonly unless?: string | undefined
  /** kills a broker, `kafka-2`, where it is no process of this machine's */
  readonly killBroker?: (server: string) => Promise<void>
}

/** A suite on three brokers; `kafka` is what stands in `stack.kafka`. Any of them may die: others lead and coordinate then. */
export function playThreeBrokers(title: string, kafka: string, playing: ThreeBrokers = {}): void {
  const { unless, killBroker, ...ground } = playing
  const missing = unless ?? stackIsMissing()
  describe.skipIf(missing !== undefined)(`three brokers of Kafka ${title}${skipNote(missing)}`, () => {
    let stack: TestStack
    beforeAll(async () => {
      stack = await startStack(kafka, ground)
    })
    afterAll(() => stack?.close())
    const kill = killBroker ?? ((server: string): Promise<void> => killProcess(stack.platform, server))

    interface Partition {
      readonly leader: number
      readonly replicas: number
      readonly inSync: number
    }

    async function partitionsOf(stage: Stage, topic: string): Promise<Partition[]> {
      const described = await stage.kafka('topics', `--describe --topic ${topic}`)
      const found = described.matchAll(/Partition: \d+\s+Leader: (\d+|none)\s+Replicas: (\S+)\s+Isr: (\S*)/g)
      const count = (list: string): number => list.split(',').length
      return [...found].map(([, leader, replicas, inSync]) => ({
        leader: Number(leader),
        replicas: count(replicas!),
        inSync: count(inSync!),
      }))
    }

    test('a topic with three copies is planned, applied, and written and read on its leaders', async () => {
      const stage = setStage(stack, 'spread')
      const topic = 'spread.orders: { partitions: 6, key: string, value: string }'
      await stage.declare(
        `topicDefaults: { replication: 3, config: { min.insync.replicas: 2 } }\ntopics: { ${topic} }\n`,
      )
      expect((await stage.run('plan --detailed-exitcode')).code).toBe(2)
      await stage.done('apply --yes')
      expect((await stage.run('plan --detailed-exitcode')).code).toBe(0)
      expect(await stage.javaTopic('spread.orders')).toEqual({
        partitions: 6,
        replication: 3,
        configs: { 'min.insync.replicas': '2' },
      })
      const partitions = await partitionsOf(stage, 'spread.orders')
      expect(new Set(partitions.map(({ leader }) => leader))).toEqual(new Set([1, 2, 3]))
      expect(partitions.map(({ replicas, inSync }) => [replicas, inSync])).toEqual(partitions.map(() => [3, 3]))

      await stage.done('produce spread.orders --key-separator :', lines(0, 3000))
      const byKcat = await stage.kcatRecords('spread.orders')
      expect(new Set(byKcat.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2, 3, 4, 5]))
      expect(
        troubles(
          byKcat.map(({ key, payload }) => ({ key: key!, value: payload! })),
          3000,
        ),
      ).toEqual([])
      expect(troubles(parsed(await stage.done('consume spread.orders --exit')), 3000)).toEqual([])
      const grouped = await stage.done('consume spread.orders --exit --group spread.readers')
      expect(troubles(parsed(grouped), 3000)).toEqual([])
    })

    test('a broker is killed in the middle of produce and consume', async () => {
      const stage = setStage(stack, 'killed')
      const topic = 'killed.orders: { partitions: 6, key: string, value: string }'
      await stage.declare(
        `topicDefaults: { replication: 3, config: { min.insync.replicas: 2 } }\ntopics: { ${topic} }\n`,
      )
      await stage.done('apply --yes')
      const reader = stage.start('consume killed.orders')
      const member = stage.start('consume killed.orders --group killed.readers')
      const writer = stage.start('produce killed.orders --key-separator :')
      const readers = [reader, member]
      let written = 0
      const write = async (chunks: number): Promise<void> => {
        for (let i = 0; i < chunks; i++) {
          writer.stdin.write(lines(written, (written += 200)))
          await sleep(20)
        }
      }
      await write(20)
      await Promise.all(readers.map((each) => each.lines(2000)))

      // who keeps the group's offsets leads partitions of the topic, too
      const state = await stage.kafka('groups', '--describe --group killed.readers --state')
      const coordinator = Number(/\((\d)\)/.exec(state)![1])
      const led = (await partitionsOf(stage, 'killed.orders')).filter(({ leader }) => leader === coordinator)
      expect(led.length).toBeGreaterThan(0)
      await write(5)
      await kill(`kafka-${coordinator}`)
      // who comes while leaders and coordinator are lost waits until others have taken over
      const newcomers = ['consume killed.orders --exit -n 4000', 'groups describe killed.readers']
      const [, ...came] = await Promise.all([write(200), ...newcomers.map((command) => stage.run(command))])
      writer.stdin.end()
      expect(came.map(({ code }) => code)).toEqual([0, 0])
      expect(await writer.ended).toMatchObject({ code: 0, stdout: `${written} records written to killed.orders\n` })
      await Promise.all(readers.map((each) => each.lines(written, 90_000)))
      for (const each of readers) each.kill('SIGINT')
      const [read, grouped] = await Promise.all(readers.map((each) => each.ended))
      expect([read!.code, grouped!.code]).toEqual([130, 130])
      // each trouble is told once
      const told = read!.stderr.split('\n').slice(0, -1)
      expect([...new Set(told)]).toEqual(told)
      expect(troubles(parsed(read!.stdout), written)).toEqual([])
      expect(troubles(parsed(grouped!.stdout), written)).toEqual([])

      const after = await partitionsOf(stage, 'killed.orders')
      expect(after.filter(({ leader }) => leader === coordinator)).toEqual([])
      expect(troubles(parsed(await stage.done('consume killed.orders --exit')), written)).toEqual([])
      expect(await stage.done('consume killed.orders --exit --group killed.readers')).toBe('')
      const byJava = await stage.java.read(stage.bootstrap, 'killed.orders')
      expect(
        troubles(
          byJava.map(({ key, value }) => ({ key: String(key), value: String(value) })),
          written,
        ),
      ).toEqual([])

      await stack.platform.succeed('up')
      const isWhole = async (): Promise<true | undefined> =>
        (await partitionsOf(stage, 'killed.orders')).every(({ inSync }) => inSync === 3) ? true : undefined
      expect(await waitFor(isWhole, { timeoutMs: 60_000, everyMs: 500 })).toBe(true)
      expect((await stage.run('plan --detailed-exitcode')).code).toBe(0)
    })
  })
}

async function killProcess(platform: Platform, server: string): Promise<void> {
  process.kill(await platform.pidOf(server), 'SIGKILL')
}
