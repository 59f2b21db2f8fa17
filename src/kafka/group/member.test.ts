// Members on a real broker in this process: what each is told, in which order, and what the group has committed at the end.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { memoryBroker } from '../../../test/support/memory-broker.ts'
import type { TopicPartitions } from '../../protocol/consumer-protocol.ts'
import { committedOffsets } from '../admin/coordinator.ts'
import { createTopics } from '../admin/topics.ts'
import { Cluster } from '../cluster.ts'
import type { MemberOptions } from './duties.ts'
import { GroupMember } from './member.ts'

const never = new AbortController().signal
const fast = { heartbeatMs: 100, sessionMs: 6000, rebalanceMs: 10_000 }

async function withTopic(partitions: number): Promise<{ bootstrap: string; cluster: Cluster }> {
  const { bootstrap } = await memoryBroker()
  const cluster = await Cluster.connect({ bootstrap: [bootstrap] })
  onTestFinished(() => cluster.close())
  const made = await createTopics(cluster, [{ name: 'orders', partitions, replication: 1, configs: [] }], false)
  expect(made).toMatchObject([{ name: 'orders' }])
  return { bootstrap, cluster }
}

const slots = (all: TopicPartitions): string[] => [...all].flatMap(([topic, ps]) => ps.map((p) => `${topic}-${p}`))

/** Members that tell at once when two of them have a partition. */
class World {
  readonly owners = new Map<string, string>()
  readonly told: string[] = []
  readonly bootstrap: string
  constructor(bootstrap: string) {
    this.bootstrap = bootstrap
  }

  /** `drainMs` is what its work takes when partitions are revoked; what it has done of each is offset 7. */
  async join(name: string, drainMs = 0, more: Partial<MemberOptions> = {}): Promise<GroupMember> {
    let member: GroupMember | undefined
    const options = { group: 'billing', topics: ['orders'], clientId: name, ...fast, ...more }
    member = await GroupMember.join({ bootstrap: [this.bootstrap] }, options, {
      assigned: (partitions) => {
        for (const slot of slots(partitions)) {
          if (this.owners.has(slot)) this.told.push(`${slot} has ${this.owners.get(slot)} and ${name}`)
          this.owners.set(slot, name)
        }
      },
      revoked: async (partitions) => {
        await sleep(drainMs)
        const offsets = [...partitions].map(([topic, ps]) => [topic, new Map(ps.map((p) => [p, 7]))] as const)
        if (!(await member!.commit(new Map(offsets), never))) this.told.push(`${name} could not commit`)
        for (const slot of slots(partitions)) this.owners.delete(slot)
      },
      lost: (partitions) => this.told.push(`${name} lost ${slots(partitions).join(' ')}`),
      trouble: (message) => this.told.push(`${name}: ${message}`),
    })
    onTestFinished(() => member.leave())
    return member
  }

  counts(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const name of this.owners.values()) counts[name] = (counts[name] ?? 0) + 1
    return counts
  }

  async settle(counts: Record<string, number>): Promise<void> {
    await expect.poll(() => this.counts(), { timeout: 20_000 }).toEqual(counts)
  }
}

test('partitions are shared out as members come and go, and none has two readers at any time', async () => {
  const { bootstrap } = await withTopic(6)
  const world = new World(bootstrap)
  const first = await world.join('a')
  await world.settle({ a: 6 })
  const second = await world.join('b', 300)
  await world.settle({ a: 3, b: 3 })
  await world.join('c')
  await world.settle({ a: 2, b: 2, c: 2 })
  await second.leave()
  await world.settle({ a: 3, c: 3 })
  await first.leave()
  await world.settle({ c: 6 })
  expect(world.told).toEqual([])
})

test('what is in work of a partition is done and committed before another one gets it', async () => {
  const { bootstrap, cluster } = await withTopic(4)
  const world = new World(bootstrap)
  // longer than a heartbeat, and than the session
  await world.join('slow', 7000)
  await world.settle({ slow: 4 })
  await world.join('next')
  await world.settle({ slow: 2, next: 2 })
  expect(world.told).toEqual([])
  const moved = [...world.owners].filter(([, name]) => name === 'next').map(([slot]) => slot)
  const committed = await committedOffsets(cluster, 'billing')
  expect(committed.map(({ partition }) => `orders-${partition}`)).toEqual(moved.toSorted())
}, 40_000)

test('a member goes on with what it keeps while a round is under way', async () => {
  const { bootstrap } = await withTopic(4)
  const world = new World(bootstrap)
  const first = await world.join('a', 1500)
  await world.settle({ a: 4 })
  await world.join('b')
  // a is asked to give up two of its four by now; commits of those that it keeps are taken meanwhile
  for (let i = 0; i < 20; i++) {
    const kept = [...world.owners].filter(([, name]) => name === 'a').map(([slot]) => Number(slot.split('-')[1]))
    const isTaken = await first.commit(new Map([['orders', new Map(kept.map((p) => [p, i]))]]), never)
    if (isTaken) await sleep(100)
  }
  await world.settle({ a: 2, b: 2 })
  expect(world.told).toEqual([])
})

test('a member stays one in every round, however long others drain; a new one is none before the first', async () => {
  const { bootstrap } = await withTopic(4)
  const world = new World(bootstrap)
  const slow = await world.join('slow', 1500)
  await world.settle({ slow: 4 })
  // when it has had its first round, the other one drains what it gets
  const second = await world.join('b')
  await expect.poll(() => second.generation, { timeout: 20_000 }).toBeGreaterThan(0)
  const third = await world.join('c')
  expect(third.generation).toBe(-1)
  for (; third.generation < 0; await sleep(20)) expect(Math.min(slow.generation, second.generation)).toBeGreaterThan(0)
  await world.settle({ slow: 2, b: 1, c: 1 })
  expect(world.told).toEqual([])
})

test('commits of partitions that are another one’s are refused', async () => {
  const { bootstrap } = await withTopic(2)
  const world = new World(bootstrap)
  const first = await world.join('a')
  await world.settle({ a: 2 })
  await world.join('b')
  await world.settle({ a: 1, b: 1 })
  const [theirs] = [...world.owners].find(([, name]) => name === 'b')!
  const offsets = new Map([['orders', new Map([[Number(theirs.split('-')[1]), 1]])]])
  expect(await first.commit(offsets, never)).toBe(false)
})
