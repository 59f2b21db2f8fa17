// Produce: appends the batches of a client. Versions 0 to 2 carry message formats of before Kafka 0.11; they are advertised because
// librdkafka looks at them to learn whether it may compress (KAFKA-18659), and refused, as Kafka 4 does.
// Nothing is answered without acknowledgement (acks=0); a client learns of a failure by the end of its connection.
import { errorCode } from '../../protocol/error-table.ts'
import { produce } from '../../protocol/messages/produce.ts'
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import type { Broker } from '../broker.ts'
import { type Answer, type Call, handler, hangUp, noAnswer } from '../handler.ts'
import type { AppendRequest, PartitionLog, Refused } from '../storage/partition-log.ts'
import type { Topic } from '../topics/topics.ts'
import { partitionOf } from './partition-of.ts'

const firstWithBatches = 3
const replicas = 1

type Request = RequestRead<typeof produce>
type PartitionData = Request['topicData'][number]['partitionData'][number]
type PartitionAnswer = ResponseWritten<typeof produce>['responses'][number]['partitionResponses'][number]

function refusal(index: number, { error, message, records = [] }: Refused): PartitionAnswer {
  return {
    index,
    errorCode: errorCode(error),
    baseOffset: -1n,
    errorMessage: message ?? null,
    recordErrors: records.map((record) => ({ batchIndex: record.index, batchIndexErrorMessage: record.message })),
  }
}

function refusalOf({ acks, transactionalId }: Request, { version }: Call): Refused | undefined {
  if (version < firstWithBatches) return { error: 'UNSUPPORTED_VERSION' }
  if (![-1, 0, 1].includes(acks)) return { error: 'INVALID_REQUIRED_ACKS' }
  if (transactionalId !== null) return { error: 'INVALID_TXN_STATE' }
  return undefined
}

function appendTo(topic: Topic | undefined, data: PartitionData, request: AppendRequest): Written {
  const { index } = data
  const log = partitionOf(topic, index)
  if (typeof log === 'number' || !topic) return { answer: refusal(index, { error: 'UNKNOWN_TOPIC_OR_PARTITION' }) }
  if (request.requiredAcks === -1 && topic.config['min.insync.replicas'] > replicas)
    return { answer: refusal(index, { error: 'NOT_ENOUGH_REPLICAS' }) }
  return write(log, data, request)
}

interface Written {
  readonly answer: PartitionAnswer
  readonly durable?: Promise<void> | undefined
}

function write(log: PartitionLog, { index, records }: PartitionData, request: AppendRequest): Written {
  const written = log.append(records ?? Buffer.alloc(0), request)
  if ('error' in written) return { answer: refusal(index, written) }
  return {
    durable: written.durable,
    answer: {
      index,
      errorCode: 0,
      baseOffset: BigInt(written.baseOffset),
      logAppendTimeMs: BigInt(written.appendTime),
      logStartOffset: BigInt(log.startOffset),
    },
  }
}

/** Appends everything before it waits, so that the order of requests is the order of records. */
function handle(
  { topics }: Broker,
  request: Request,
  call: Call,
): Answer<typeof produce> | Promise<Answer<typeof produce>> {
  const refused = refusalOf(request, call)
  const { acks, transactionalId } = request
  const options = { version: call.version, requiredAcks: acks, transactionalId }
  const waits: Promise<void>[] = []
  const responses = request.topicData.map(({ name, partitionData }) => {
    const topic = topics.get(name)
    const partitionResponses = partitionData.map((data) => {
      if (refused) return refusal(data.index, refused)
      const { answer, durable } = appendTo(topic, data, options)
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
