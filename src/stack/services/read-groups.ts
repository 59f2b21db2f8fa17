// The groups of services as the cluster has them: members, what they read, and how far behind they are.
import { retryTopicName } from '../../core/failure-topic-names.ts'
import { type GroupDescription, describeGroup, listGroups } from '../../kafka/admin/groups.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import { listOffsets } from '../../kafka/read/list-offsets.ts'
import type { Service } from '../../platform/platform.ts'

/** The parts of a declared service that tell which group it has. */
export type GroupedService = Pick<Service, 'name' | 'group' | 'consumes' | 'failures'>

export interface GroupFacts {
  readonly members: number
  /** members come or go, and nobody has partitions until that is done */
  readonly isRebalancing: boolean
  /** records that wait; undefined where a partition has records and the group no offset of it yet */
  readonly lag: number | undefined
  /** topic -> its partitions that no member reads; topics that are not there are left out */
  readonly unassigned: ReadonlyMap<string, readonly number[]>
}

type Partitions = ReadonlyMap<string, readonly number[]>

const settled: ReadonlySet<string> = new Set(['Stable', 'Empty', 'Dead'])

/**
 * The group of each service that consumes, by the service's name. Groups that there are not are not asked for: a question for one
 * would make the cluster's offsets topic where there is none. Throws what keeps the cluster from telling.
 */
export async function readGroups(
  cluster: Cluster,
  services: readonly GroupedService[],
): Promise<ReadonlyMap<string, GroupFacts>> {
  const consuming = services.filter(({ consumes }) => consumes.length > 0)
  if (consuming.length === 0) return new Map()
  const known = new Set((await listGroups(cluster)).map(({ name }) => name))
  const partitions = await partitionsOf(cluster, [...new Set(consuming.flatMap(({ consumes }) => consumes))])
  const facts = consuming.map(async (service) => {
    const group = known.has(service.group) ? await describeGroup(cluster, service.group) : undefined
    const ofService = new Map([...partitions].filter(([topic]) => service.consumes.includes(topic)))
    return [service.name, await factsOf(cluster, service, group, ofService)] as const
  })
  return new Map(await Promise.all(facts))
}

async function partitionsOf(cluster: Cluster, topics: readonly string[]): Promise<Partitions> {
  const answer = await cluster.metadata(topics)
  return new Map(
    answer.topics
      .filter(({ errorCode }) => errorCode === 0)
      .map(({ name, partitions }) => [
        name ?? '',
        partitions.map(({ partitionIndex }) => partitionIndex).toSorted((a, b) => a - b),
      ]),
  )
}

async function factsOf(
  cluster: Cluster,
  service: GroupedService,
  group: Pick<GroupDescription, 'state' | 'members' | 'offsets'> | undefined,
  partitions: Partitions,
): Promise<GroupFacts> {
  const { members = [], offsets = [], state = 'Dead' } = group ?? {}
  const read = members.flatMap((member) => member.partitions)
  const uncommitted = without(partitions, offsets)
  return {
    members: members.length,
    isRebalancing: !settled.has(state),
    lag: (await haveRecords(cluster, uncommitted)) ? undefined : lagOf(service, offsets),
    unassigned: without(partitions, read),
  }
}

/** The partitions that are not among the given ones. */
function without(
  partitions: Partitions,
  given: readonly { readonly topic: string; readonly partition: number }[],
): Partitions {
  const has = new Set(given.map(({ topic, partition }) => `${topic}-${partition}`))
  const left = [...partitions].map(
    ([topic, numbers]) => [topic, numbers.filter((number) => !has.has(`${topic}-${number}`))] as const,
  )
  return new Map(left.filter(([, numbers]) => numbers.length > 0))
}

/** Of what the service reads by now; offsets of topics that it read once stay with its group. */
function lagOf({ consumes, group, failures }: GroupedService, offsets: GroupDescription['offsets']): number {
  const retries = consumes.flatMap((topic) => failures?.retryMs.map((ms) => retryTopicName(topic, group, ms)) ?? [])
  const read = new Set([...consumes, ...retries])
  return offsets.filter(({ topic }) => read.has(topic)).reduce((sum, { lag }) => sum + Math.max(0, lag), 0)
}

async function haveRecords(cluster: Cluster, partitions: Partitions): Promise<boolean> {
  const found = await Promise.all(
    [...partitions].map(async ([topic, numbers]) => {
      const query = { topic, partitions: numbers, readCommitted: false }
      const [starts, ends] = await Promise.all([
        listOffsets(cluster, { ...query, at: 'start' }),
        listOffsets(cluster, { ...query, at: 'end' }),
      ])
      return numbers.some((number) => (ends.get(number) ?? 0) > (starts.get(number) ?? 0))
    }),
  )
  return found.includes(true)
}
