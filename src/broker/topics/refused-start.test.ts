// A device that refuses while topics are opened: nothing of them may be lost by that.
import { expect, test } from 'vitest'
import { appended, batchOf, consume, logClock } from '../../../test/support/log-fixture.ts'
import type { VirtualClock } from '../../../test/support/virtual-clock.ts'
import { type Disk, emptyDisk, faultyFiles, type FaultyOperation } from '../storage/faulty-files.ts'
import { openStore } from '../storage/open-store.ts'
import { createBrokerConfigs } from './broker-configs.ts'
import { openTopics } from './open-topics.ts'
import type { Topics } from './topics.ts'

/** Opens what a killed process left; the device refuses one operation on the files of logs. */
function start(disk: Disk, clock: VirtualClock, refused?: FaultyOperation): Topics {
  const files = faultyFiles(disk, (operation, path) =>
    operation === refused && path.endsWith('.log') ? { error: 'EIO' } : undefined,
  )
  const store = openStore({ files, clock, durability: 'process' })
  return openTopics({ store, configs: createBrokerConfigs(1, new Map()) })
}

test('a start that the device refuses drops no topic: the next one has it, and keeps it', () => {
  const disk = emptyDisk()
  const clock = logClock()
  const first = start(disk, clock)
  first.create({ name: 'orders', partitions: 2, replicationFactor: 1, assignments: [], configs: [] })
  const orders = first.get('orders')!
  appended(orders.partitions[1]!, batchOf([{ value: 'one' }]))
  const folder = `logs/${orders.id}-1`
  const [name = ''] = disk.files.list(folder).filter((each) => each.endsWith('.log'))
  disk.files.file(`${folder}/${name}`).append([Buffer.alloc(10)]) // a torn tail, which the next start cuts off
  expect(() => start(disk, clock, 'truncate')).toThrow('EIO')
  const again = start(disk, clock)
  clock.advance(1_000_000)
  expect(consume(again.get('orders')!.partitions[1]!).map(({ value }) => value)).toEqual(['one'])
  expect(disk.files.list(folder)).toContain(name)
})
