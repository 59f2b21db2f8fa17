// Produce: appends the batches of a client. Versions 0 to 2 carry message formats of before Kafka 0.11; they are advertised because
// librdkafka looks at them to learn whether it may compress (KAFKA-18659), and refused, as Kafka 4 does.
// Nothing is answered without acknowledgement (acks=0); a client learns of a failure by the end of its connection.
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import { produce } from '../../protocol/messages/produce.ts'
import { batchAt } from '../../protocol/records/batch.ts'
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import type { Broker } from '../broker.ts'
import { type Answer, type Call, handler, hangUp, noAnswer } from '../handler.ts'
import { has, toInt64 } from '../records/batch-header.ts'
import type { AppendRequest, PartitionLog, Refused } from '../storage/partition-log.ts'
import type { Topic } from '../topics/topics.ts'
import { partitionOf } from './partition-of.ts'

const firstWithBatches = 3

type Request = RequestRead<typeof produce>
type PartitionData = Request['topicData'][number]['partitionData'][number]
type PartitionAnswer = ResponseWritten<typeof produce>['responses'][number]['partitionResponses'][number]

/** what Kafka tells without saying where the log begins */
const startUntold: ReadonlySet<ErrorName> = new Set([
  'CORRUPT_MESSAGE',
  'KAFKA_STORAGE_ERROR',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
])

function refusal(
  index: number,
  { error, message, records = [], isBeforeLog }: Refused,
  log?: PartitionLog,
): PartitionAnswer {
  const isStartTold = log && isBeforeLog !== true && !startUntold.has(error)
  return {
    index,
    errorCode: errorCode(error),
    baseOffset: -1n,
    logStartOffset: isStartTold ? BigInt(log.startOffset) : -1n,
    errorMessage: message ?? null,
    recordErrors: records.map((record) => ({ batchIndex: record.index, batchIndexErrorMessage: record.message })),
  }
}

function refusalOf({ acks, transactionalId, topicData }: Request, { version }: Call): Refused | undefined {
  if (version < firstWithBatches) return { error: 'UNSUPPORTED_VERSION' }
  if (![-1, 0, 1].includes(acks)) return { error: 'INVALID_REQUIRED_ACKS' }
  // without an authoriser, too, transactional batches need an id that they could be allowed to
  if (transactionalId === null && isTransactional(topicData)) return { error: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED' }
  return undefined
}

function isTransactional(topicData: Request['topicData']): boolean {
  return topicData.some(({ partitionData }) =>
    partitionData.some(({ records }) => records !== null && isTransactionalBatch(records)),
  )
}

function isTransactionalBatch(records: Buffer): boolean {
  return records.length >= batchAt.records && records.readInt8(batchAt.magic) === 2 && has(records, 'transactional')
}

function appendTo(topic: Topic | undefined, data: PartitionData, request: AppendRequest): Written {
  const { index } = data
  const log = partitionOf(topic, index)
  if (typeof log === 'number') return { answer: refusal(index, { error: 'UNKNOWN_TOPIC_OR_PARTITION' }) }
  return write(log, data, request)
}

interface Written {
  readonly answer: PartitionAnswer
  readonly durable?: Promise<void> | undefined
}

function write(log: PartitionLog, { index, records }: PartitionData, request: AppendRequest): Written {
  const written = log.append(records ?? Buffer.alloc(0), request)
  if ('error' in written) return { answer: refusal(index, written, log) }
  return {
    durable: written.durable,
    answer: {
      index,
      errorCode: 0,
      baseOffset: BigInt(written.baseOffset),
      logAppendTimeMs: toInt64(written.appendTime),
      logStartOffset: BigInt(log.startOffset),
    },
  }
}

/** Topics and partitions once each, as Kafka keeps them: of a partition that comes again the last counts, of a topic without any nothing. */
function distinct(topicData: Request['topicData']): [name: string, partitions: PartitionData[]][] {
  const topics = new Map<string, Map<number, PartitionData>>()
  for (const { name, partitionData } of topicData)
    for (const data of partitionData) {
      const partitions = topics.get(name) ?? new Map<number, PartitionData>()
      topics.set(name, partitions.set(data.index, data))
    }
  return Array.from(topics, ([name, partitions]) => [name, [...partitions.values()]])
}

/** Appends everything before it waits, so that the order of requests is the order of records. */
function handle(
  { topics }: Broker,
  request: Request,
  call: Call,
): Answer<typeof produce> | Promise<Answer<typeof produce>> {
  const { acks } = request
  const refused = refusalOf(request, call)
  const waits: Promise<void>[] = []
  const responses = distinct(request.topicData).map(([name, partitions]) => {
    const topic = topics.get(name)
    const partitionResponses = partitions.map((data) => {
      if (refused) return refusal(data.index, refused)
      const { answer, durable } = appendTo(topic, data, call)
      if (durable) waits.push(durable)
      return answer
    })
    return { name, partitionResponses }
  })
  if (acks === 0) {
    const hasFailed = responses.some((topic) => topic.partitionResponses.some(({ errorCode: code }) => code !== 0))
    return hasFailed ? hangUp : noAnswer
  }
  return waits.length === 0 || acks === 1 ? { responses } : Promise.all(waits).then(() => ({ responses }))
}

export const produceHandler = handler({ api: produce, versions: [0, 11], handle })
