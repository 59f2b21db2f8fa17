// What Kafka asks of every single record of a batch: a sound structure, a key on compacted topics, a time that is not too far away.
import { batchAt } from '../../protocol/records/batch.ts'
import type { LogConfig } from '../log-config.ts'
import type { Refused } from '../storage/partition-log.ts'
import { codecIn, has, int64At } from './batch-header.ts'
import { needsRecompression } from './recompress.ts'
import { walkRecords } from './walk.ts'

export interface Inspecting {
  readonly config: LogConfig
  /** milliseconds since 1970 */
  readonly now: number
  /** `<topic>-<partition>`, for the server's words */
  readonly topicPartition: string
}

interface RecordError {
  readonly index: number
  readonly message: string
}

const isBounded = (ms: number): boolean => ms < Number.MAX_SAFE_INTEGER

function looksAtTimes({ config }: Inspecting): boolean {
  if (config['message.timestamp.type'] === 'LogAppendTime') return false
  return isBounded(config['message.timestamp.before.max.ms']) || isBounded(config['message.timestamp.after.max.ms'])
}

/** Compressed records are opened only where the topic's settings ask something of them, or want them otherwise. */
export function needsInspection(batch: Buffer, inspecting: Inspecting): boolean {
  if (codecIn(batch) === 0 || needsRecompression(batch, inspecting.config)) return true
  return inspecting.config['cleanup.policy'].compact || looksAtTimes(inspecting)
}

const longMax = 2n ** 63n - 1n

/** `now` plus or minus a limit as Kafka prints it: 64 bits that wrap around. */
function edge(now: number, sign: 1n | -1n, limit: number): bigint {
  const exact = isBounded(limit) ? BigInt(limit) : longMax
  return BigInt.asIntN(64, BigInt(now) + sign * exact)
}

function timeError(timestamp: number, index: number, { config, now }: Inspecting): RecordError | undefined {
  const before = config['message.timestamp.before.max.ms']
  const after = config['message.timestamp.after.max.ms']
  if (timestamp === -1 || (now - timestamp <= before && timestamp - now <= after)) return undefined
  const range = `[${edge(now, -1n, before)}, ${edge(now, 1n, after)}]`
  const message = `Timestamp ${timestamp} of message with offset ${index} is out of range. The timestamp should be within ${range}`
  return { index, message }
}

/** All that is wrong with single records as one refusal; Kafka's own summary names three at most. */
function refusal(errors: readonly RecordError[], isAboutTime: boolean): Refused {
  if (isAboutTime)
    return {
      error: 'INVALID_TIMESTAMP',
      message: 'One or more records have been rejected due to invalid timestamp',
      records: errors,
    }
  const shown = errors.slice(0, 3).map(({ index, message }) => `RecordError(batchIndex=${index}, message='${message}')`)
  return {
    error: 'INVALID_RECORD',
    message: `One or more records have been rejected due to ${errors.length} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`,
    records: errors,
  }
}

/**
 * Inspects one batch whose header and checksum are right; `plain` are its records without compression. Answers why it is refused, or
 * its largest timestamp in ms.
 */
export function inspectRecords(batch: Buffer, plain: Buffer, inspecting: Inspecting): Refused | number {
  const { config, topicPartition } = inspecting
  const usesAppendTime = config['message.timestamp.type'] === 'LogAppendTime'
  const claimsAppendTime = has(batch, 'logAppendTime')
  const isCompacted = config['cleanup.policy'].compact
  const baseTimestamp = int64At(batch, batchAt.baseTimestamp)
  const claimed = int64At(batch, batchAt.maxTimestamp)
  const errors: RecordError[] = []
  let isAboutTime = false
  let largest = -1
  let next = 0
  let isInOrder = true
  const isSound = walkRecords(plain, batch.readInt32BE(batchAt.count), ({ timestampDelta, offsetDelta, keyStart }) => {
    const index = next++
    if (offsetDelta !== index) isInOrder = false
    const timestamp = claimsAppendTime ? claimed : baseTimestamp + timestampDelta
    largest = Math.max(largest, timestamp)
    if (isCompacted && keyStart < 0) {
      const message = `Compacted topic cannot accept message without key in topic partition ${topicPartition}`
      errors.push({ index, message })
      return
    }
    const wrong = usesAppendTime ? undefined : timeError(timestamp, index, inspecting)
    if (!wrong) return
    isAboutTime = true
    errors.push(wrong)
  })
  if (!isSound || !isInOrder) return { error: 'INVALID_RECORD' }
  return errors.length > 0 ? refusal(errors, isAboutTime) : largest
}
