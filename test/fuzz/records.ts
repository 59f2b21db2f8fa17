// Batches with damage, their checksums right or not; produced, then read again.
import { fetch } from '../../src/protocol/messages/fetch.ts'
import { listOffsets } from '../../src/protocol/messages/list-offsets.ts'
import { produce } from '../../src/protocol/messages/produce.ts'
import { batchAt, batchPrefix } from '../../src/protocol/records/batch.ts'
import { seal } from '../../src/protocol/records/seal.ts'
import { openWire } from '../differential/wire.ts'
import { batchOf } from '../support/log-fixture.ts'
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
