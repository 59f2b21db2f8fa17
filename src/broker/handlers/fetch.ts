// Fetch: batches of many partitions in one answer, waiting for enough of them. Fetch sessions (KIP-227) are never opened: every
// answer says session 0, as a broker does whose cache is full, and clients go on asking in full.
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { fetch } from '../../protocol/messages/fetch.ts'
import type { Broker } from '../broker.ts'
import { type Answer, type Call, handler } from '../handler.ts'
import type { PartitionLog } from '../storage/partition-log.ts'
import { createRead, type Fetched, type PartitionRead } from './fetch-partition.ts'

/** fetch.max.bytes of Kafka's broker */
const mostBytes = 55 * 1024 * 1024
const initialEpoch = 0
const finalEpoch = -1

type Request = RequestRead<typeof fetch>
type Response = ResponseWritten<typeof fetch>
type Asked = Request['topics'][number]['partitions'][number]

/** Each partition once: of one that comes again the first place and the last wish count. Topics stay in their places. */
function distinct(topics: Request['topics']): Request['topics'] {
  const wishes = new Map<string, Asked>()
  const keyOf = ({ topic, topicId }: Request['topics'][number], { partition }: Asked): string =>
    `${topicId} ${partition} ${topic}`
  for (const each of topics) for (const asked of each.partitions) wishes.set(keyOf(each, asked), asked)
  return topics.map((each) => ({
    ...each,
    partitions: each.partitions.flatMap((asked) => {
      const key = keyOf(each, asked)
      const wish = wishes.get(key)
      wishes.delete(key)
      return wish ? [wish] : []
    }),
  }))
}

/** Reads all partitions in the order of the request; the first that has something gives one batch at least (KIP-74). */
function readAll(
  reads: readonly (readonly PartitionRead[])[],
  maxBytes: number,
): { fetched: Fetched[][]; bytes: number } {
  let bytes = 0
  let left = maxBytes
  const fetched = reads.map((partitions) =>
    partitions.map((read) => {
      const one = read.read(left, bytes === 0)
      bytes += one.bytes
      left = Math.max(0, left - one.bytes)
      return one
    }),
  )
  return { fetched, bytes }
}

type TopicAnswer = Response['responses'][number]

/** In the order of the request, but for partitions that are not there: Kafka tells them last. A topic may so come twice. */
function toResponse(
  request: Request,
  reads: readonly (readonly PartitionRead[])[],
  fetched: readonly (readonly Fetched[])[],
): Response {
  const told = request.topics.flatMap(({ topic, topicId }, at) =>
    fetched[at]!.map(({ answer }, n) => ({ topic, topicId, answer, isUnknown: reads[at]![n]!.isUnknown })),
  )
  const responses: (TopicAnswer & { readonly partitions: Fetched['answer'][] })[] = []
  for (const { topic, topicId, answer } of [
    ...told.filter((each) => !each.isUnknown),
    ...told.filter((each) => each.isUnknown),
  ]) {
    const last = responses.at(-1)
    if (last && last.topic === topic && last.topicId === topicId) last.partitions.push(answer)
    else responses.push({ topic, topicId, partitions: [answer] })
  }
  return { throttleTimeMs: 0, responses }
}

/** Resolves when something moved in one of the logs, after `ms`, or when the connection or the broker ends. */
function moved(logs: Iterable<PartitionLog>, ms: number, { waits }: Broker, call: Call): Promise<void> {
  return new Promise((resolve) => {
    const undo: (() => void)[] = []
    const waiting = waits.start(ms, () => {
      for (const take of undo) take()
      resolve()
    })
    for (const log of logs) undo.push(log.onMove(waiting.end))
    undo.push(call.onGone(waiting.end))
  })
}

async function waitForEnough(
  request: Request,
  reads: PartitionRead[][],
  broker: Broker,
  call: Call,
): Promise<Response> {
  const { clock } = broker
  const end = clock.now() + request.maxWaitMs
  const maxBytes = Math.min(request.maxBytes, mostBytes)
  const logs = reads.flat().flatMap(({ log }) => (log ? [log] : []))
  for (;;) {
    const left = end - clock.now()
    if (left > 0) await moved(logs, left, broker, call)
    const { fetched, bytes } = readAll(reads, maxBytes)
    const isOver = left <= 0 || broker.waits.isClosed() || call.isGone()
    if (isOver || bytes >= request.minBytes || fetched.flat().some(({ mustTell }) => mustTell))
      return toResponse(request, reads, fetched)
  }
}

function handle(broker: Broker, received: Request, call: Call): Answer<typeof fetch> | Promise<Answer<typeof fetch>> {
  const { sessionEpoch } = received
  if (call.version >= 7 && sessionEpoch !== initialEpoch && sessionEpoch !== finalEpoch)
    return { throttleTimeMs: 0, errorCode: errorCode('FETCH_SESSION_ID_NOT_FOUND'), responses: [] }
  const request = { ...received, topics: distinct(received.topics) }
  const reads = request.topics.map(({ topic, topicId, partitions }) => {
    const found = call.version >= 13 ? broker.topics.byId(topicId) : broker.topics.get(topic)
    return partitions.map((partition) => createRead(found, partition, call.version, request.isolationLevel))
  })
  const { fetched, bytes } = readAll(reads, Math.min(request.maxBytes, mostBytes))
  const isEnough =
    bytes >= request.minBytes || request.maxWaitMs <= 0 || fetched.flat().some(({ mustTell }) => mustTell)
  if (isEnough || fetched.flat().length === 0) return toResponse(request, reads, fetched)
  return waitForEnough(request, reads, broker, call)
}

export const fetchHandler = handler({ api: fetch, versions: [4, 17], handle })
