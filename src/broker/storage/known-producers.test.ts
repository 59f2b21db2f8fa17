// Idempotent producers are known again after a restart.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/evplat.ts'
import { appended, batchOf, defaultConfig, produceRequest } from '../../../test/support/log-fixture.ts'
import { crashedFiles, keptIn, openLog, smallSegments } from '../../../test/support/opened-log.ts'
import { emptyDisk, faultyFiles } from './faulty-files.ts'
import type { PartitionLog } from './partition-log.ts'

describe('idempotent producers', () => {
  const send = (log: PartitionLog, sequence: number, epoch = 0): string => {
    const batch = batchOf([{}, {}], 0, { producerId: 9n, epoch, sequence })
    const answer = log.append(batch, produceRequest)
    return 'error' in answer ? answer.error : `${answer.isDuplicate ? 'again ' : ''}${answer.baseOffset}`
  }

  test.each(['clean stop', 'crash', 'crash that takes the file of the producers along'])(
    'are known after a %s',
    async (end) => {
      const root = temporaryFolder()
      for (let round = 0; round < 4; round++) {
        const { log, store } = openLog(smallSegments, keptIn(crashedFiles(root)))
        const base = round * 20
        if (round > 0) {
          expect(send(log, base - 2)).toBe(`again ${base - 2}`)
          expect(send(log, base - 10)).toBe(`again ${base - 10}`)
          expect(send(log, base - 12)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
          expect(send(log, base + 2)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
        }
        for (let n = 0; n < 20; n += 2) expect(send(log, base + n)).toBe(`${base + n}`)
        if (end === 'clean stop' || round === 1) await store.close()
        else await new Promise((done) => setTimeout(done, 20))
        const names = readdirSync(join(root, 'logs/id-0')).filter((name) => name.endsWith('.producers'))
        if (end.includes('along')) for (const name of names) rmSync(join(root, 'logs/id-0', name))
      }
      const { log } = openLog(smallSegments, keptIn(crashedFiles(root)))
      expect(send(log, 0, 1)).toBe('80')
      expect(send(log, 80)).toBe('INVALID_PRODUCER_EPOCH')
    },
  )

  test('are not taken for the senders of what a power loss took, when other records have its offsets', async () => {
    const noIndex = faultyFiles(emptyDisk(), (operation, path) =>
      operation === 'append' && path.endsWith('index') ? { error: 'ENOSPC' } : undefined,
    )
    const { log } = openLog(smallSegments, { files: noIndex, durability: 'disk' }) // no segment is safe without its indexes
    for (let n = 0; n < 20; n++) await appended(log, batchOf([{ value: `${n}` }])).durable
    expect(send(log, 0)).toBe('20') // which is not on the device yet
    log.deleteRecords(20) // the producers are written down with it
    const files = faultyFiles(noIndex.losePower(() => 0))
    const next = openLog(smallSegments, { files, durability: 'disk' }).log
    expect(next.endOffset).toBe(20)
    await appended(next, batchOf([{}, {}])).durable
    const { log: after } = openLog(smallSegments, { files: faultyFiles(files.kill()), durability: 'disk' })
    expect(send(after, 0)).toBe('22')
  })

  test('are forgotten with their topic', () => {
    const { store, log } = openLog()
    expect(send(log, 0)).toBe('0')
    store.dropTopic('id')
    expect(
      send(
        store.openPartition('id2', 0, () => defaultConfig),
        40,
      ),
    ).toBe('0')
  })
})
