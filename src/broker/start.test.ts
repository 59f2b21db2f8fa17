import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/evplat.ts'
import { appended, batchOf } from '../../test/support/log-fixture.ts'
import { type BrokerOptions, startBroker } from './start.ts'
import { diskFiles } from './storage/disk-files.ts'
import type { Files } from './storage/files.ts'
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

describe('the data is free again, for this process too, when the device refuses', () => {
  const refuse = (): never => {
    throw Object.assign(new Error('EIO: a fault'), { code: 'EIO' })
  }
  const start = (files: Files) => startBroker({ files, durability: 'process', port: 0 })

  test('to open it', async () => {
    const disk = diskFiles(temporaryFolder())
    const file = (path: string) => (path === 'topics.journal' ? refuse() : disk.file(path))
    await expect(start({ ...disk, file })).rejects.toThrow('EIO')
    await (await start(disk)).close()
  })

  test('to write down that it is closed', async () => {
    const disk = diskFiles(temporaryFolder())
    const replace = (path: string, content: Buffer) =>
      path === 'partitions.journal' ? refuse() : disk.replace(path, content)
    const running = await start({ ...disk, replace })
    await expect(running.close()).rejects.toThrow('EIO')
    await (await start(disk)).close()
  })
})
