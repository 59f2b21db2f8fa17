// Reads a topic as a member of a consumer group. Membership is kafkajs' part; nothing of it is seen outside.
import {
  type Batch as KafkaBatch,
  CompressionCodecs,
  CompressionTypes,
  type EachBatchPayload,
  Kafka,
  logLevel,
} from 'kafkajs'
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { EvplatError, messageOf } from '../../core/errors.ts'
import { decompress } from '../../protocol/records/decompress.ts'
import { MessageView } from './message-view.ts'

export interface ReadGroupOptions {
  readonly group: string
  readonly topic: string
  /** where a group without a committed offset begins */
  readonly fromStart: boolean
  readonly readCommitted: boolean
  readonly signal: AbortSignal
  /** where the partitions that have something to read end for this run; none given: follow for ever */
  readonly ends?: ReadonlyMap<number, number>
}

export interface GroupBatch {
  readonly partition: number
  readonly messages: Iterable<MessageView>
}

/** Handles a batch; returns how many messages it took. Taking fewer than there are ends the reading. */
export type TakeBatch = (batch: GroupBatch) => Promise<number>

/** kafkajs decompresses gzip itself; the other codecs are ours. */
function registerCodecs(): void {
  for (const type of [CompressionTypes.Snappy, CompressionTypes.LZ4, CompressionTypes.ZSTD] as const)
    CompressionCodecs[type as 2] = () => ({
      compress: () => Promise.reject(new Error('only reading is needed')),
      decompress: (bytes: Buffer) => Promise.resolve(decompress(type, bytes)),
    })
}

function newClient({ bootstrap, tls, sasl }: ClusterSettings): Kafka {
  return new Kafka({
    clientId: 'evplat',
    brokers: [...bootstrap],
    logLevel: logLevel.NOTHING,
    ...(tls && { ssl: tls.ca === undefined ? true : { ca: tls.ca } }),
    ...(sasl && { sasl: { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password } as never }),
    retry: { retries: 8 },
  })
}

/** Reads until the ends are reached, `take` has enough, or the signal aborts; commits what was taken. */
export async function readGroup(settings: ClusterSettings, options: ReadGroupOptions, take: TakeBatch): Promise<void> {
  registerCodecs()
  const consumer = newClient(settings).consumer({
    groupId: options.group,
    readUncommitted: !options.readCommitted,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
  })
  const over = newEnd(options.signal)
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) over.fail(explain(payload.error, options.group))
  })
  const progress = options.ends && watchProgress(consumer, options.topic, options.ends, over)
  try {
    await consumer.connect()
    await consumer.subscribe({ topic: options.topic, fromBeginning: options.fromStart })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => handleBatch(payload, { consumer, over, take, options, ...(progress && { progress }) }),
    })
    await over.promise
  } catch (thrown) {
    throw thrown instanceof EvplatError ? thrown : explain(thrown, options.group)
  } finally {
    await consumer.disconnect()
  }
}

/** Notes how far partitions are read. */
type Progress = (partition: number, next: number) => void

/** so many fetches in a row without a batch mean that there is nothing more, whatever the end offsets promise */
const emptyFetches = 3

/**
 * Ends the reading when every partition that this member was given is at its end. The last offsets of a partition may hold nothing
 * that is shown (markers of transactions), of which kafkajs does not tell: then fetches without a batch end it.
 */
function watchProgress(consumer: Consumer, topic: string, ends: ReadonlyMap<number, number>, over: End): Progress {
  const pending = new Set(ends.keys())
  let empty = 0
  const check = (): void => {
    if (pending.size === 0) over.finish()
  }
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const mine = new Set(payload.memberAssignment[topic])
    for (const partition of pending) if (!mine.has(partition)) pending.delete(partition)
    check()
  })
  consumer.on(consumer.events.FETCH, ({ payload }) => {
    empty = payload.numberOfBatches === 0 ? empty + 1 : 0
    if (empty >= emptyFetches) over.finish()
  })
  return (partition, next) => {
    if (next < (ends.get(partition) ?? 0)) return
    pending.delete(partition)
    consumer.pause([{ topic, partitions: [partition] }])
    check()
  }
}

type Consumer = ReturnType<Kafka['consumer']>

interface BatchHandling {
  readonly consumer: Consumer
  readonly over: End
  readonly take: TakeBatch
  readonly options: ReadGroupOptions
  readonly progress?: Progress
}

async function handleBatch(payload: EachBatchPayload, handling: BatchHandling): Promise<void> {
  const { batch } = payload
  const { consumer, over, options } = handling
  if (over.isOver) return
  const { partition } = batch
  const until = options.ends?.get(partition) ?? Infinity
  const wanted = batch.messages.filter((message) => Number(message.offset) < until)
  const taken = await handling.take({ partition, messages: viewsOf(wanted) })
  const isWhole = taken === batch.messages.length
  const next = isWhole ? Number(batch.lastOffset()) + 1 : taken > 0 ? Number(wanted[taken - 1]!.offset) + 1 : undefined
  if (next !== undefined) {
    payload.resolveOffset(String(next - 1))
    await consumer.commitOffsets([{ topic: options.topic, partition, offset: String(next) }])
  }
  await payload.heartbeat()
  if (taken < wanted.length) over.finish()
  else handling.progress?.(partition, wanted.length < batch.messages.length ? until : (next ?? 0))
}

function* viewsOf(messages: KafkaBatch['messages']): Iterable<MessageView> {
  for (const message of messages) yield new MessageView(message)
}

interface End {
  readonly promise: Promise<void>
  readonly isOver: boolean
  finish(): void
  fail(error: EvplatError): void
}

function newEnd(signal: AbortSignal): End {
  let isOver = false
  let settle: { resolve: () => void; reject: (error: EvplatError) => void }
  const promise = new Promise<void>((resolve, reject) => (settle = { resolve, reject }))
  promise.catch(() => undefined)
  const finish = (): void => {
    isOver = true
    settle.resolve()
  }
  signal.addEventListener('abort', finish, { once: true })
  if (signal.aborted) finish()
  return {
    promise,
    get isOver() {
      return isOver
    },
    finish,
    fail(error) {
      isOver = true
      settle.reject(error)
    },
  }
}

function explain(thrown: unknown, group: string): EvplatError {
  if (thrown instanceof EvplatError) return thrown
  return new EvplatError('broker-refused', `group "${group}" can't be joined`, {
    said: messageOf(thrown),
    cause: thrown,
  })
}
