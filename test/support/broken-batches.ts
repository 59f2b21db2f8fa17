// Compressed batches with sound headers and checksums whose insides are not what they say: what a broker can't know that does not open them.
import { gzipSync } from 'node:zlib'
import { batchAt, batchPrefix } from '../../src/protocol/records/batch.ts'
import { seal } from '../../src/protocol/records/seal.ts'
import { batchOf, type TestRecord } from './log-fixture.ts'

/** four bytes of size that say 2 GiB and more, and hardly anything behind */
const claimsMuch = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0x00, 0x61])
const xerial = Buffer.concat([Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])])

/** The head of a batch of these records with another body behind it. */
export function compressed(codec: number, body: Buffer, records: readonly TestRecord[] = [{}]): Buffer {
  const head = batchOf(records).subarray(0, batchAt.records)
  const batch = Buffer.concat([head, body])
  batch.writeInt32BE(batch.length - batchPrefix, batchAt.length)
  batch.writeInt16BE(codec, batchAt.attributes)
  return seal(batch)
}

/** blocks of zstd that each repeat one byte 128 KiB long (RFC 8878, 3.1.1.2) */
function zstdRuns(count: number): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])
  const block = Buffer.alloc(4)
  block.writeUIntLE((131_072 << 3) | 2, 0, 3)
  const last = Buffer.from(block)
  last[0]! |= 1
  return Buffer.concat([head, ...Array.from({ length: count - 1 }, () => block), last])
}

/** an lz4 frame of blocks of 4 MiB at most, each a byte and a match of that one byte */
function lz4Runs(count: number): Buffer {
  const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73])
  const run = Buffer.concat([
    Buffer.from([0x1f, 0x61, 0x01, 0x00]),
    Buffer.alloc(15_000, 0xff),
    Buffer.from([0x00, 0x00]),
  ])
  const size = Buffer.alloc(4)
  size.writeUInt32LE(run.length)
  return Buffer.concat([head, ...Array.from({ length: count }, () => Buffer.concat([size, run])), Buffer.alloc(4)])
}

type Made = readonly [name: string, make: () => Buffer]

export const bombs: readonly Made[] = [
  ['gzip of 300 MiB', () => compressed(1, gzipSync(Buffer.alloc(300 * 1024 * 1024), { level: 1 }))],
  ['snappy that claims 2 GiB', () => compressed(2, claimsMuch)],
  [
    'snappy of Java that claims 2 GiB',
    () => compressed(2, Buffer.concat([xerial, Buffer.from([0, 0, 0, claimsMuch.length]), claimsMuch])),
  ],
  [
    'snappy of Java with a block of less than nothing',
    () => compressed(2, Buffer.concat([xerial, Buffer.alloc(40, 0xff)])),
  ],
  [
    'snappy with a literal that 32 bits take for less than nothing',
    () => compressed(2, Buffer.from([0x17, 0xfc, 0x00, 0x00, 0x00, 0x80, 0x61, 0x61])),
  ],
  ['snappy of Java with blocks of nothing', () => compressed(2, Buffer.concat([xerial, Buffer.alloc(400_000)]))],
  ['lz4 of 1 GiB', () => compressed(3, lz4Runs(60))],
  ['zstd of 2 GiB', () => compressed(4, zstdRuns(16_000))],
]

/** Records with the keys of other batches, so that whoever believes them takes those for outdated. */
const keyed: readonly TestRecord[] = ['a', 'b', 'c'].map((key) => ({ key, timestamp: 1_700_000_001_500 }))
const plainBody = (change: (body: Buffer) => void = () => undefined): Buffer => {
  const body = Buffer.from(batchOf(keyed).subarray(batchAt.records))
  change(body)
  return body
}
/** the length of one of the records above, its own varint included */
const recordSize = plainBody().length / keyed.length
/** where the delta of the offset stands in a record: behind its length, its attributes and its delta of time */
const deltaAt = 3

function counted(count: number): Buffer {
  const batch = batchOf(keyed, 1)
  batch.writeInt32BE(count, batchAt.count)
  batch.writeInt32BE(count - 1, batchAt.lastOffsetDelta)
  return seal(batch)
}

const gzipped = (change: (body: Buffer) => void): Buffer => compressed(1, gzipSync(plainBody(change)), keyed)

export const broken: readonly Made[] = [
  ['more records announced than there are', () => counted(5)],
  ['fewer records announced than there are', () => counted(2)],
  ...[1, 2, 3, 4].map((codec): Made => [
    `bytes that are not of codec ${codec}`,
    () => compressed(codec, Buffer.from('this was never compressed by anybody'), keyed),
  ]),
  ['gzip that is cut short', () => compressed(1, gzipSync(plainBody()).subarray(0, -9), keyed)],
  ['nothing inside', () => compressed(1, gzipSync(Buffer.alloc(0)), keyed)],
  ['a last record that is broken', () => gzipped((body) => body.writeUInt8(0x7f, 2 * recordSize))],
  ['a key that reaches beyond its record', () => gzipped((body) => body.writeUInt8(0x7e, deltaAt + 1))],
  ['offsets far behind', () => gzipped((body) => body.writeUInt8(0x7e, deltaAt))],
  ['offsets before the first', () => gzipped((body) => body.writeUInt8(0x7d, recordSize + deltaAt))],
  ['offsets that are all the same', () => gzipped((body) => body.writeUInt8(0, recordSize + deltaAt))],
  ['records that are no records', () => compressed(1, gzipSync(Buffer.alloc(1000, 0xff)), keyed)],
]
