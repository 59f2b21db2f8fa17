// Batches with damage, their checksums right or not, and batches that unfold to far more than they are; produced, then read again.
import { gzipSync } from 'node:zlib'
import { fetch } from '../../src/protocol/messages/fetch.ts'
import { listOffsets } from '../../src/protocol/messages/list-offsets.ts'
import { produce } from '../../src/protocol/messages/produce.ts'
import { batchAt, batchPrefix } from '../../src/protocol/records/batch.ts'
import { openWire } from '../differential/wire.ts'
import { batchOf, seal } from '../support/log-fixture.ts'
import { topicNames } from './body.ts'
import type { Random } from './random.ts'
import { makeTopics } from './topics.ts'

const interesting = [0x00, 0x01, 0x02, 0x7f, 0x80, 0xff]

/** A batch of any codec with some of its bytes changed, cut off or doubled. */
export function damagedBatch(random: Random): Buffer {
  const records = Array.from({ length: 1 + random.below(4) }, () => ({ value: 'v'.repeat(random.below(200)) }))
  const producer = random.oneIn(3) ? { producerId: 5n, epoch: random.below(2), sequence: random.below(3) } : undefined
  let batch = batchOf(records, random.below(5), producer)
  for (let left = 1 + random.below(4); left > 0; left--) {
    const from = random.oneIn(3) ? 0 : batchAt.attributes
    batch[from + random.below(batch.length - from)] = random.oneIn(2) ? random.pick(interesting) : random.below(256)
  }
  if (random.oneIn(6)) batch = Buffer.from(batch.subarray(0, random.below(batch.length)))
  if (random.oneIn(6)) batch = Buffer.concat([batch, random.bytes(random.below(80))])
  if (batch.length < batchAt.records || random.oneIn(5)) return batch
  if (!random.oneIn(5)) batch.writeInt32BE(batch.length - batchPrefix, batchAt.length)
  return seal(batch)
}

/** Produces a batch to each topic and asks for what is there: whatever the answers are, the connections get them, or end. */
export async function sendBatch(port: number, records: Buffer, random: Random): Promise<void> {
  await makeTopics(port)
  const wire = await openWire('127.0.0.1', port)
  const version = random.pick([3, 7, 11])
  const partitionData = [{ index: 0, records }]
  const topicData = topicNames.map((name) => ({ name, partitionData }))
  await wire.send(produce, version, { transactionalId: null, acks: -1, timeoutMs: 1000, topicData })
  const asked = [{ partitionIndex: 0, timestamp: random.pick([0n, -1n, -3n, 1_700_000_000_000n, 2n ** 62n]) }]
  await wire.send(listOffsets, 7, {
    replicaId: -1,
    isolationLevel: 0,
    topics: topicNames.map((name) => ({ name, partitions: asked })),
  })
  const partitions = [{ partition: 0, fetchOffset: BigInt(random.below(5)), partitionMaxBytes: 1000 }]
  await wire.send(fetch, 12, {
    maxWaitMs: 0,
    minBytes: 0,
    topics: topicNames.map((topic) => ({ topic, partitions })),
  })
  wire.close()
}

function compressed(codec: number, body: Buffer): Buffer {
  const head = batchOf([{}]).subarray(0, batchAt.records)
  const batch = Buffer.concat([head, body])
  batch.writeInt32BE(batch.length - batchPrefix, batchAt.length)
  batch.writeInt16BE(codec, batchAt.attributes)
  return seal(batch)
}

/** four bytes of size that say 2 GiB and more, and hardly anything behind */
const claimsMuch = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0x00, 0x61])
const xerial = Buffer.concat([Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])])

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

type Bomb = readonly [name: string, make: () => Buffer]

export const bombs: readonly Bomb[] = [
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
  ['snappy of Java with blocks of nothing', () => compressed(2, Buffer.concat([xerial, Buffer.alloc(400_000)]))],
  ['lz4 of 1 GiB', () => compressed(3, lz4Runs(60))],
  ['zstd of 2 GiB', () => compressed(4, zstdRuns(16_000))],
]
