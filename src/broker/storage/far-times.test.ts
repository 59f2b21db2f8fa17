// Times at the end of what 64 bits hold: no client has them, and none may harm the broker with them.
import { expect, test } from 'vitest'
import { gzipSync } from 'node:zlib'
import { compressed } from '../../../test/support/broken-batches.ts'
import { appended, batchOf, produceRequest, type TestRecord } from '../../../test/support/log-fixture.ts'
import { ask } from '../../../test/support/ask.ts'
import { openLog } from '../../../test/support/opened-log.ts'
import { listOffsets } from '../../protocol/messages/list-offsets.ts'
import type { Broker } from '../broker.ts'
import { listOffsetsHandler } from '../handlers/list-offsets.ts'
import { batchAt } from '../../protocol/records/batch.ts'
import { seal } from '../../protocol/records/seal.ts'
import { toInt64 } from '../records/batch-header.ts'

const last = 2n ** 63n - 1n
const records: readonly TestRecord[] = [{ timestamp: 0 }, { timestamp: 1_000_000_000_000 }]

function at(base: bigint, codec: number): Buffer {
  const plain = batchOf(records)
  const batch = codec === 0 ? plain : compressed(codec, gzipSync(plain.subarray(batchAt.records)), records)
  batch.writeBigInt64BE(base, batchAt.baseTimestamp)
  batch.writeBigInt64BE(last, batchAt.maxTimestamp)
  return seal(batch)
}

test.each([last, -(2n ** 63n)])('compressed records from %d on', async (base) => {
  const { log, store, files } = openLog({ 'index.interval.bytes': 1, 'segment.bytes': 300 }, { durability: 'process' })
  for (let n = 0; n < 6; n++) appended(log, at(base, 1))
  appended(log, batchOf([{}]))
  const topic = { name: 't', partitions: [log] }
  const broker = { topics: { get: () => topic } } as unknown as Broker
  for (const timestamp of [0n, 1_700_000_000_000n, 2n ** 62n, last, -3n]) {
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, timestamp }] }]
    const answer = await ask(broker, listOffsetsHandler, [listOffsets, 7], { replicaId: -1, isolationLevel: 0, topics })
    expect(answer.topics[0]!.partitions[0]).toMatchObject({ errorCode: 0 })
  }
  await store.close()
  expect(openLog({}, { files, durability: 'process' }).log.endOffset).toBe(13)
})

test('plain records of such times are refused', () => {
  const answer = openLog().log.append(at(last, 0), produceRequest)
  expect(answer).toMatchObject({ error: 'INVALID_TIMESTAMP' })
})

test('numbers that 64 bits do not hold are the nearest that they do', () => {
  expect([2 ** 63, 2 ** 64, 5, -(2 ** 63), -(2 ** 64)].map(toInt64)).toEqual([
    last,
    last,
    5n,
    -(2n ** 63n),
    -(2n ** 63n),
  ])
})
