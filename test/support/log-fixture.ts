// Logs for tests: settings, batches in every codec, and a clock that stands at their time.
import { gzipSync } from 'node:zlib'
import snappy from 'snappyjs'
import type { LogConfig } from '../../src/broker/log-config.ts'
import { storedZstd } from '../../src/broker/records/compress.ts'
import type { Appended, PartitionLog, Refused } from '../../src/broker/storage/partition-log.ts'
import { batchAt, batchesIn, batchPrefix } from '../../src/protocol/records/batch.ts'
import { BatchBuilder, type ProducerState } from '../../src/protocol/records/batch-builder.ts'
import { RecordCursor } from '../../src/protocol/records/cursor.ts'
import { seal } from '../../src/protocol/records/seal.ts'
import { VirtualClock } from './virtual-clock.ts'

/** the time of the records where nothing else is said, in ms */
export const recordTime = 1_700_000_000_000

/** A clock that stands at the time of the records until it is moved. */
export const logClock = (): VirtualClock => new VirtualClock(recordTime)

/** Kafka's defaults. */
export const defaultConfig: LogConfig = {
  'cleanup.policy': { delete: true, compact: false },
  'segment.bytes': 2 ** 30,
  'segment.ms': 604_800_000,
  'index.interval.bytes': 4096,
  'retention.bytes': -1,
  'retention.ms': 604_800_000,
  'delete.retention.ms': 86_400_000,
  'min.compaction.lag.ms': 0,
  'max.compaction.lag.ms': Number.MAX_SAFE_INTEGER,
  'min.cleanable.dirty.ratio': 0.5,
  'file.delete.delay.ms': 60_000,
  'max.message.bytes': 1_048_588,
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.before.max.ms': Number.MAX_SAFE_INTEGER,
  'message.timestamp.after.max.ms': Number.MAX_SAFE_INTEGER,
  'compression.type': 'producer',
  'compression.gzip.level': -1,
  'compression.zstd.level': 3,
  'min.insync.replicas': 1,
}

export const compacted = { 'cleanup.policy': { delete: false, compact: true } } as const

export interface TestRecord {
  readonly key?: string | null
  readonly value?: string | null
  readonly timestamp?: number
}

const codecs: readonly ((plain: Buffer) => Uint8Array)[] = [
  (plain) => plain,
  (plain) => gzipSync(plain),
  (plain) => snappy.compress(plain),
  storedLz4,
  storedZstd,
]

/** An lz4 frame as Java writes it, of blocks of 64 KiB at most that stand for themselves; these are not compressed. */
function storedLz4(plain: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82])]
  for (let at = 0; at < plain.length; at += 65_536) {
    const block = plain.subarray(at, at + 65_536)
    const size = Buffer.alloc(4)
    size.writeUInt32LE((block.length | 0x8000_0000) >>> 0)
    parts.push(size, block)
  }
  return Buffer.concat([...parts, Buffer.alloc(4)])
}

/** A batch as a client sends it; codec 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
export function batchOf(records: readonly TestRecord[], codec = 0, producer?: ProducerState): Buffer {
  const builder = new BatchBuilder(256)
  for (const { key = 'k', value = 'v', timestamp = recordTime } of records)
    builder.add({
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers: [],
      timestamp,
    })
  const plain = builder.finish(producer ?? { producerId: -1n, epoch: -1, sequence: -1 })
  if (codec === 0) return Buffer.from(plain)
  const whole = Buffer.concat([plain.subarray(0, batchAt.records), codecs[codec]!(plain.subarray(batchAt.records))])
  whole.writeInt32BE(whole.length - batchPrefix, batchAt.length)
  whole.writeInt16BE(codec, batchAt.attributes)
  return seal(whole)
}

export const produceRequest = { version: 11 } as const

/** Appends and fails the test when that is refused. */
export function appended(log: PartitionLog, batch: Buffer): Appended {
  const answer: Appended | Refused = log.append(batch, produceRequest)
  if ('error' in answer) throw new Error(`refused: ${answer.error} ${answer.message ?? ''}`)
  return answer
}

export interface ReadRecord {
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly timestamp: number
}

/** The records of slices as `read` answers them, from an offset on. */
export function recordsIn(slices: readonly Buffer[], from = 0): ReadRecord[] {
  const cursor = new RecordCursor()
  const records: ReadRecord[] = []
  for (const batch of slices.flatMap(batchesIn)) {
    cursor.open(batch)
    while (cursor.next())
      if (cursor.offset >= from)
        records.push({
          offset: cursor.offset,
          key: cursor.key()?.toString() ?? null,
          value: cursor.value()?.toString() ?? null,
          timestamp: cursor.timestamp,
        })
  }
  return records
}

/** Everything that a consumer sees that starts at `from`, fetched in small steps. */
export function consume(log: PartitionLog, from = log.startOffset, maxBytes = 500): ReadRecord[] {
  const records: ReadRecord[] = []
  for (let at = from; at < log.highWatermark;) {
    const slices = log.read(at, maxBytes, true)
    if (slices.length === 0) break
    records.push(...recordsIn(slices, at))
    at = batchesIn(slices.at(-1)!).at(-1)!.lastOffset + 1
  }
  return records
}
