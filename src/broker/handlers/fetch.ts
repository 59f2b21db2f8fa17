// Fetch: batches of many partitions in one answer, waiting for enough of them. Fetch sessions (KIP-227) are never opened: every
// answer says session 0, as a broker does whose cache is full, and clients go on asking in full.
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { fetch } from '../../protocol/messages/fetch.ts'
import type { Broker } from '../broker.ts'
import { type Answer, type Call, handler } from '../handler.ts'
import { createRead, type Fetched, type PartitionRead } from './fetch-partition.ts'
import { enoughOf, type Waited } from './fetch-wait.ts'

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

/** The partitions of a request by topic. */
type ByTopic<P> = readonly (readonly P[])[]

/** A partition, and what it gave if it was read before. */
interface ToRead {
  readonly read: PartitionRead
  readonly fetched?: Fetched
}

/**
 * Reads partitions in the order of the request; the first that has something gives one batch at least (KIP-74). Where nothing moved
 * since nothing was there, nothing is there now.
 */
function readAll(partitions: ByTopic<ToRead>, maxBytes: number, moved?: ReadonlySet<PartitionRead>): ByTopic<Waited> {
  let bytes = 0
  let left = maxBytes
  return partitions.map((own) =>
    own.map(({ read, fetched: before }) => {
      if (before?.bytes === 0 && moved?.has(read) === false) return { read, fetched: before }
      const fetched = read.read(left, bytes === 0)
      bytes += fetched.bytes
      left = Math.max(0, left - fetched.bytes)
      return { read, fetched }
    }),
  )
}

type TopicAnswer = Response['responses'][number]

/** In the order of the request, but for partitions that are not there: Kafka tells them last. A topic may so come twice. */
function toResponse(request: Request, partitions: ByTopic<Waited>): Response {
  const told = request.topics.flatMap(({ topic, topicId }, at) =>
    partitions[at]!.map(({ read, fetched }) => ({ topic, topicId, answer: fetched.answer, isUnknown: read.isUnknown })),
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

function handle(broker: Broker, received: Request, call: Call): Answer<typeof fetch> | Promise<Answer<typeof fetch>> {
  const { sessionEpoch } = received
  if (call.version >= 7 && sessionEpoch !== initialEpoch && sessionEpoch !== finalEpoch)
    return { throttleTimeMs: 0, errorCode: errorCode('FETCH_SESSION_ID_NOT_FOUND'), responses: [] }
  const request = { ...received, topics: distinct(received.topics) }
  const maxBytes = Math.min(request.maxBytes, mostBytes)
  const minBytes = Math.min(request.minBytes, maxBytes)
  const reads = request.topics.map(({ topic, topicId, partitions }) => {
    const found = call.version >= 13 ? broker.topics.byId(topicId) : broker.topics.get(topic)
    return partitions.map((asked) => ({ read: createRead(found, asked, call.version, request.isolationLevel) }))
  })
  const first = readAll(reads, maxBytes)
  const all = first.flat()
  const isEnough = all.reduce((sum, { fetched }) => sum + fetched.counted, 0) >= minBytes
  const mayWait = !isEnough && request.maxWaitMs > 0 && all.length > 0
  if (!mayWait || all.some(({ fetched }) => fetched.mustTell)) return toResponse(request, first)
  return enoughOf(all, [minBytes, request.maxWaitMs], broker, call).then((moved) =>
    toResponse(request, readAll(first, maxBytes, moved)),
  )
}

export const fetchHandler = handler({ api: fetch, versions: [4, 17], handle })
