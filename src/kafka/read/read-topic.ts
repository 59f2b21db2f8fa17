// Reads partitions of a topic without a group: batches flow from every leader, one fetch under way for each while the last is used.
import { setTimeout as sleep } from 'node:timers/promises'
import { EvplatError } from '../../core/errors.ts'
import { groupBy } from '../../core/group-by.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { errorName, isRetriable } from '../../protocol/error-table.ts'
import { fetch } from '../../protocol/messages/fetch.ts'
import { noUuid } from '../../protocol/reader.ts'
import { type Batch, batchesIn } from '../../protocol/records/batch.ts'
import type { Cluster } from '../cluster.ts'
import { type Leaders, findLeaders, findLeadersAgain } from '../topic-partitions.ts'
import { visibleBatches } from './committed.ts'
import { listOffsets } from './list-offsets.ts'

export interface ReadRange {
  /** first offset wanted */
  readonly from: number
  /** the offset to stop before; without one the reader follows for ever */
  readonly until?: number
}

export interface ReadTopicOptions {
  readonly topic: string
  readonly ranges: ReadonlyMap<number, ReadRange>
  readonly readCommitted: boolean
  /** told when a broker is lost (once for each reason while that lasts) or records are gone; reading goes on */
  readonly onTrouble: (message: string) => void
  /** ends the reading when it aborts, after what is under way */
  readonly signal?: AbortSignal
}

/**
 * What one fetch brought of one partition. Records before `from` or from `until` on may be in the batches; there are none where only
 * markers of transactions or gaps of compaction lie between `from` and `next`.
 */
export interface Fetched {
  readonly partition: number
  readonly from: number
  readonly until: number
  /** the offset to read on from */
  readonly next: number
  readonly batches: readonly Batch[]
}

const maxBytes = 16 * 1024 * 1024
const maxPartitionBytes = 4 * 1024 * 1024
const maxWaitMs = 500
/** how long nothing but trouble is borne */
const patienceMs = 60_000

interface Position {
  readonly partition: number
  readonly until: number
  next: number
}

type FetchBody = RequestOf<typeof fetch>
type PartitionAnswer = ResponseOf<typeof fetch>['responses'][number]['partitions'][number]

type Arrival =
  | { readonly leader: number; readonly partitions: readonly PartitionAnswer[] }
  | { readonly leader: number; readonly lost: EvplatError }

/** Yields what arrives and moves a partition on, until every partition is read to its end, or for ever. Ends with an EvplatError that no retry helps against. */
export async function* readTopic(cluster: Cluster, options: ReadTopicOptions): AsyncGenerator<Fetched[]> {
  const open = new Map<number, Position>()
  for (const [partition, { from, until = Infinity }] of options.ranges)
    if (from < until) open.set(partition, { partition, until, next: from })
  const underWay = new Map<number, Promise<Arrival>>()
  let leaders = await findLeaders(cluster, options.topic)
  let lastProgress = performance.now()
  /** what was told of a leader that has not been well since */
  const told = new Map<number, string>()
  const fetchMore = (): void => {
    for (const [leader, positions] of groupBy(open.values(), ({ partition }) => leaders.leaders[partition] ?? -1))
      if (!underWay.has(leader)) {
        const fetching = fetchFrom(cluster, leader, fetchBody(leaders, positions, options.readCommitted))
        // nobody may wait for it any more when it fails
        fetching.catch(() => undefined)
        underWay.set(leader, fetching)
      }
  }
  while (open.size > 0 && options.signal?.aborted !== true) {
    fetchMore()
    const arrival = await Promise.race(underWay.values())
    underWay.delete(arrival.leader)
    const trouble = 'lost' in arrival ? arrival.lost : await explainErrors(cluster, options, arrival.partitions, open)
    if (trouble) {
      if (performance.now() - lastProgress > patienceMs) throw trouble
      if (told.get(arrival.leader) !== trouble.message) options.onTrouble(`${trouble.message}; trying again`)
      told.set(arrival.leader, trouble.message)
      await sleep(500)
      leaders = await findLeadersAgain(cluster, leaders)
    } else told.delete(arrival.leader)
    if ('lost' in arrival) continue
    lastProgress = trouble ? lastProgress : performance.now()
    const fetched = advance(arrival.partitions, open, options.readCommitted)
    if (fetched.length === 0) continue
    fetchMore()
    yield fetched
  }
}

function fetchBody({ topic, topicId }: Leaders, positions: readonly Position[], readCommitted: boolean): FetchBody {
  // the first partition with records is sure to be answered: begin elsewhere each time
  const turn = positions.reduce((sum, { next }) => sum + next, 0) % positions.length
  const partitions = [...positions.slice(turn), ...positions.slice(0, turn)].map(({ partition, next }) => ({
    partition,
    fetchOffset: BigInt(next),
    partitionMaxBytes: maxPartitionBytes,
  }))
  const isolationLevel = readCommitted ? 1 : 0
  return {
    maxWaitMs,
    minBytes: 1,
    maxBytes,
    isolationLevel,
    topics: [{ topic, topicId, partitions }],
    forgottenTopicsData: [],
  }
}

async function fetchFrom(cluster: Cluster, leader: number, body: FetchBody): Promise<Arrival> {
  // topic ids are spoken from version 13 on, and a cluster may have none
  const limits = body.topics[0]!.topicId === noUuid ? { newest: 12 } : {}
  try {
    const answer = await cluster.send(fetch, body, leader, limits)
    return { leader, partitions: answer.responses.flatMap((response) => response.partitions) }
  } catch (thrown) {
    if (thrown instanceof EvplatError && thrown.code === 'broker-unreachable') return { leader, lost: thrown }
    throw thrown
  }
}

/** Moves the positions past what arrived, and closes the partitions that are read to their end. */
function advance(answers: readonly PartitionAnswer[], open: Map<number, Position>, readCommitted: boolean): Fetched[] {
  const isAllEmpty = answers.every((answer) => (answer.records?.length ?? 0) === 0)
  const fetched: Fetched[] = []
  for (const answer of answers) {
    const position = open.get(answer.partitionIndex)
    if (!position || answer.errorCode !== 0) continue
    const from = position.next
    const batches = batchesIn(answer.records ?? Buffer.alloc(0))
    const last = batches.at(-1)
    if (last) position.next = Math.max(from, last.lastOffset + 1)
    // nothing at all came although there are offsets: they were compacted or rolled back, and the end is reached
    else if (isAllEmpty)
      position.next = Math.max(from, Number(readCommitted ? answer.lastStableOffset : answer.highWatermark))
    const visible = visibleBatches(batches, answer.abortedTransactions)
    const { partition, until, next } = position
    if (next > from) fetched.push({ partition, from, until, next, batches: visible })
    if (next >= until) open.delete(partition)
  }
  return fetched
}

/** Handles what the broker says of single partitions: gone offsets are skipped, other leaders are looked up, the rest ends the reading. */
async function explainErrors(
  cluster: Cluster,
  options: ReadTopicOptions,
  answers: readonly PartitionAnswer[],
  open: Map<number, Position>,
): Promise<EvplatError | undefined> {
  let trouble: EvplatError | undefined
  for (const { errorCode, partitionIndex } of answers) {
    if (errorCode === 0) continue
    const name = errorName(errorCode)
    const place = `partition ${partitionIndex} of topic "${options.topic}"`
    const isGone = name === 'OFFSET_OUT_OF_RANGE' && (await skipGone(cluster, options, open.get(partitionIndex)!))
    if (isGone) continue
    if (name === 'OFFSET_OUT_OF_RANGE') trouble = new EvplatError('broker-unreachable', `${place}: ${name}`)
    else if (name === 'TOPIC_AUTHORIZATION_FAILED')
      throw new EvplatError('not-authorised', `${place} may not be read by this user`, {
        hint: 'the user needs READ on the topic',
      })
    else if (isRetriable(errorCode)) trouble = new EvplatError('broker-unreachable', `${place}: ${name}`)
    else throw new EvplatError('broker-refused', `${place} can't be read`, { said: name })
  }
  return trouble
}

/**
 * Records were deleted under the reader (retention, DeleteRecords), or it began beyond the end: go on where there are some. False where
 * the offset is there, by now or for another replica: records must not be skipped for that.
 */
async function skipGone(
  cluster: Cluster,
  { topic, readCommitted, onTrouble }: ReadTopicOptions,
  position: Position,
): Promise<boolean> {
  const query = { topic, partitions: [position.partition], readCommitted }
  const start = (await listOffsets(cluster, { ...query, at: 'start' })).get(position.partition) ?? 0
  const end = (await listOffsets(cluster, { ...query, at: 'end' })).get(position.partition) ?? 0
  if (position.next >= start && position.next <= end) return false
  const next = position.next < start ? start : end
  const why = position.next < start ? 'is not there any more' : 'is beyond the end'
  onTrouble(`offset ${position.next} of partition ${position.partition} ${why}; reading on from ${next}`)
  position.next = next
  return true
}
