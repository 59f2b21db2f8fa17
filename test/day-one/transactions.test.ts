// What other brokers of this kind got wrong about transactions: there are none here, and that is told to whoever tries one.
import { expect, test } from 'vitest'
import { handlers } from '../../src/broker/handlers.ts'
import { errorName } from '../../src/protocol/error-table.ts'
import { apiVersions } from '../../src/protocol/messages/api-versions.ts'
import { findCoordinator } from '../../src/protocol/messages/find-coordinator.ts'
import { initProducerId } from '../../src/protocol/messages/init-producer-id.ts'
import { batchAt } from '../../src/protocol/records/batch.ts'
import { changed, get, numbered, offsets, putOne } from '../differential/data-requests.ts'
import { send } from '../differential/scenario.ts'
import { memoryBroker, wireTo } from '../support/memory-broker.ts'
import { openRaw } from '../support/raw-client.ts'
import { fetchedRecords, producedError, tell, told, withOrders } from './stage.ts'

const transactional = changed(
  (batch) => {
    batch.writeInt16BE(1 << 4, batchAt.attributes)
  },
  numbered(7n, [0, 0]),
)
const control = changed(
  (batch) => {
    batch.writeInt16BE(1 << 5, batchAt.attributes)
  },
  numbered(7n, [0, 0]),
)

test('records of a transaction are refused, so that no reader ever sees one that was aborted', async () => {
  const { wire } = await withOrders()
  const errors = await Promise.all(
    [putOne(transactional), putOne(transactional, { transactionalId: 'tx' }), putOne(control)].map((step) =>
      told<number>(wire, step, producedError),
    ),
  )
  expect(errors.map(errorName)).toEqual([
    'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    'INVALID_TXN_STATE',
    'INVALID_RECORD',
  ])
  expect(await told(wire, offsets(4, [['orders', [0, -1n]]]), 'topics.0.partitions.0.offset')).toBe(0n)
  for (const isolationLevel of [0, 1])
    expect(await told<Buffer>(wire, get([['orders', [0, 0n]]], { isolationLevel }), fetchedRecords)).toHaveLength(0)
})

test.each([1, 60_000, 2_147_483_647])(
  'a transactional id gets no producer id, whatever its time-out (%d ms), and no coordinator',
  async (transactionTimeoutMs) => {
    const wire = await wireTo(await memoryBroker())
    for (const version of [0, 2, 4]) {
      const { errorCode, producerId } = (await tell(
        wire,
        send(initProducerId, version, { transactionalId: 'tx', transactionTimeoutMs }),
      )) as { errorCode: number; producerId: bigint }
      expect([errorName(errorCode), producerId]).toEqual(['UNSUPPORTED_VERSION', -1n])
    }
    const found = await told<number>(wire, send(findCoordinator, 2, { key: 'tx', keyType: 1 }), 'errorCode')
    expect(errorName(found)).toBe('UNSUPPORTED_VERSION')
    expect(
      await told(wire, send(initProducerId, 4, { transactionalId: null, transactionTimeoutMs }), 'errorCode'),
    ).toBe(0)
  },
)

// AddPartitionsToTxn, AddOffsetsToTxn, EndTxn, WriteTxnMarkers, TxnOffsetCommit, Describe- and ListTransactions
test.each([24, 25, 26, 27, 28, 65, 66])(
  'the API %d of transactions is not advertised, and whoever calls it is hung up on',
  async (key) => {
    const broker = await memoryBroker()
    const told = await tell(
      await wireTo(broker),
      send(apiVersions, 3, { clientSoftwareName: 'test', clientSoftwareVersion: '1' }),
    )
    const keys = (told as { apiKeys: { apiKey: number }[] }).apiKeys.map(({ apiKey }) => apiKey)
    expect(keys.toSorted((a, b) => a - b)).toEqual([...handlers.keys()].toSorted((a, b) => a - b))
    expect(keys).not.toContain(key)
    const client = await openRaw(broker.port)
    const header = Buffer.from('00000000' + '0000' + '0000' + '00000001' + 'ffff', 'hex')
    header.writeInt32BE(header.length - 4, 0)
    header.writeInt16BE(key, 4)
    client.write(header)
    expect([await client.isEnded(), client.frames]).toEqual([true, []])
  },
)
