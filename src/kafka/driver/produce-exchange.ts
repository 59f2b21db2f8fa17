// One Produce request to one broker, and what its answer means for each batch in it.
import { EvplatError } from '../../core/errors.ts'
import { groupBy } from '../../core/group-by.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { errorName, isRetriable } from '../../protocol/error-table.ts'
import { initProducerId } from '../../protocol/messages/init-producer-id.ts'
import { produce } from '../../protocol/messages/produce.ts'
import type { Cluster } from '../cluster.ts'
import type { Lane, LaneBatch, ProducerIdentity } from './lane.ts'
import { isUnsent, refusal } from './pending.ts'

export interface Parcel {
  readonly lane: Lane
  readonly batch: LaneBatch
}

export interface Exchanged {
  /** those that are to be tried again when somebody has found out who leads them, and why */
  readonly lost: { readonly lanes: readonly Lane[]; readonly why: string }
  readonly throttleMs: number
  /** whether a new producer id is needed */
  readonly isIdRefused: boolean
}

type Answer = ResponseOf<typeof produce>['responses'][number]['partitionResponses'][number]

/** one record of a batch that the broker does not take: the others may be taken without it */
const ofOneRecord: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
])
/** the broker has lost what it knew of the producer, or knows another one of that id: nothing of the batch is written */
const ofTheProducer: ReadonlySet<string> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
])

/** Sends the batches with acks=all and settles each of them. Throws what is no matter of brokers or records. */
export async function exchange(
  cluster: Cluster,
  leader: number,
  { parcels, timeoutMs }: { readonly parcels: readonly Parcel[]; readonly timeoutMs: number },
): Promise<Exchanged> {
  let answer
  try {
    answer = await cluster.send(produce, body(parcels, timeoutMs), leader, { timeoutMs })
  } catch (thrown) {
    if (!(thrown instanceof EvplatError) || thrown.code !== 'broker-unreachable') throw thrown
    for (const { lane, batch } of parcels) lane.again(batch, thrown.message, isUnsent(thrown))
    return { lost: { lanes: parcels.map(({ lane }) => lane), why: thrown.message }, throttleMs: 0, isIdRefused: false }
  }
  const verdicts = new Map(
    answer.responses.map(({ name, partitionResponses }) => [
      name,
      new Map(partitionResponses.map((p) => [p.index, p])),
    ]),
  )
  const lost: Lane[] = []
  let why = ''
  let isIdRefused = false
  for (const parcel of parcels) {
    const { topic, partition } = parcel.lane
    const verdict = verdicts.get(topic)?.get(partition)
    const trouble = settle(parcel, verdict)
    isIdRefused ||= verdict !== undefined && isOfTheId(errorName(verdict.errorCode))
    if (trouble === undefined) continue
    lost.push(parcel.lane)
    why = trouble
  }
  return { lost: { lanes: lost, why }, throttleMs: answer.throttleTimeMs, isIdRefused }
}

/** A producer id of its own. Throws `broker-unreachable` where it is to be asked for again. */
export async function newIdentity(cluster: Cluster): Promise<ProducerIdentity> {
  const answer = await cluster.send(initProducerId, { transactionalId: null, transactionTimeoutMs: 60_000 })
  if (answer.errorCode === 0) return { producerId: answer.producerId, epoch: answer.producerEpoch }
  const said = errorName(answer.errorCode)
  if (isRetriable(answer.errorCode)) throw new EvplatError('broker-unreachable', `no producer id is given: ${said}`)
  throw new EvplatError('not-authorised', 'no producer id is given to this user', {
    said,
    hint: 'the user needs WRITE on the topic',
  })
}

function body(parcels: readonly Parcel[], timeoutMs: number) {
  const topicData = [...groupBy(parcels, ({ lane }) => lane.topic)].map(([name, all]) => ({
    name,
    partitionData: all.map(({ lane, batch }) => ({ index: lane.partition, records: batch.bytes })),
  }))
  return { acks: -1, timeoutMs: Math.ceil(timeoutMs), topicData }
}

const isOfTheId = (name: string): boolean => name === 'INVALID_PRODUCER_EPOCH' || name === 'INVALID_PRODUCER_ID_MAPPING'

/** Says why, where the batch is to be sent again. */
function settle({ lane, batch }: Parcel, answer: Answer | undefined): string | undefined {
  const place = `partition ${lane.partition} of topic "${lane.topic}"`
  if (!answer) {
    lane.refused(batch, refusal(lane.topic, 'NONE', `the broker gave no answer for ${place}`))
    return undefined
  }
  const name = errorName(answer.errorCode)
  const why = `${place}: ${name}`
  if (name === 'NONE') lane.written(batch, Number(answer.baseOffset), Number(answer.logAppendTimeMs))
  // it has the batch, and does not know any more where
  else if (name === 'DUPLICATE_SEQUENCE_NUMBER') lane.written(batch, -1, -1)
  else if (ofTheProducer.has(name)) lane.renumber(batch, isOfTheId(name))
  else if (isRetriable(answer.errorCode)) lane.again(batch, why, false)
  else if (ofOneRecord.has(name) && batch.records.length > 1) lane.split(batch)
  else {
    const said = answer.recordErrors[0]?.batchIndexErrorMessage ?? answer.errorMessage
    lane.refused(batch, refusal(lane.topic, name, said))
  }
  return isRetriable(answer.errorCode) || ofTheProducer.has(name) ? why : undefined
}
