import { expect, test } from 'vitest'
import { appended, batchOf } from '../../test/support/log-fixture.ts'
import { type BrokerOptions, startBroker } from './start.ts'
import { memoryFiles } from './storage/memory-files.ts'

test('what a crash tore is told by the name of its topic', async () => {
  const files = memoryFiles()
  const said: string[] = []
  const options: BrokerOptions = { files, durability: 'process', port: 0, onCut: (message) => said.push(message) }
  const first = await startBroker(options)
  const { topics } = first.broker
  topics.create({ name: 'orders', partitions: 2, replicationFactor: 1, assignments: [], configs: [] })
  const { id, partitions } = topics.get('orders')!
  appended(partitions[1]!, batchOf([{}]))
  await first.close()
  const path = `logs/${id}-1/${'0'.repeat(20)}.log`
  const whole = files.file(path).size()
  files.file(path).append([Buffer.alloc(7)])
  files.file('partitions.journal').append([Buffer.alloc(3)]) // so that the clean stop is not believed
  const second = await startBroker(options)
  await second.close()
  expect(said).toEqual([
    expect.stringMatching(/^partitions\.journal: 3 bytes from \d+ on are cut out: /),
    `orders-1 (${path}): 7 bytes from ${whole} on are cut out: a batch that is not whole`,
  ])
})
