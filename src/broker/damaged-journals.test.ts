// What becomes of the small files that a broker can't do without when their bytes change, or they are gone.
import { afterEach, describe, expect, test } from 'vitest'
import { type RunningBroker, startBroker } from './start.ts'
import type { Files } from './storage/files.ts'
import { memoryFiles } from './storage/memory-files.ts'

const running: RunningBroker[] = []
afterEach(async () => {
  for (const broker of running.splice(0)) await broker.close()
})

interface Started {
  readonly clusterId: string
  readonly told: readonly string[]
  readonly nextProducerId: () => bigint
}

/** Starts a broker, and makes a topic in the first one. */
async function start(files: Files): Promise<Started> {
  const told: string[] = []
  const started = await startBroker({ files, durability: 'process', port: 0, onCut: (message) => told.push(message) })
  running.push(started)
  const { broker } = started
  broker.topics.autoCreate('orders', true)
  return { clusterId: broker.clusterId, told, nextProducerId: () => broker.producerIds.next() }
}

async function stop(): Promise<void> {
  for (const broker of running.splice(0)) await broker.close()
}

/** The files of a broker that was used and stopped, with what it told of itself. */
async function used(): Promise<{ files: Files; clusterId: string; producerId: bigint }> {
  const files = memoryFiles()
  const { clusterId, nextProducerId } = await start(files)
  const producerId = nextProducerId()
  await stop()
  return { files, clusterId, producerId }
}

function flip(files: Files, path: string, bit: number): void {
  const bytes = files.read(path)!
  bytes[bit >>> 3]! ^= 1 << (bit & 7)
  files.replace(path, bytes)
}

describe('cluster.journal', () => {
  const path = 'cluster.journal'

  test('any flipped bit is told, mended, and costs nothing', async () => {
    const { files, clusterId } = await used()
    const whole = files.read(path)!
    for (let bit = 0; bit < whole.length * 8; bit += 5) {
      flip(files, path, bit)
      const damaged = await start(files)
      await stop()
      expect([bit, damaged.clusterId]).toEqual([bit, clusterId])
      expect(damaged.told).toEqual([expect.stringContaining(path)])
      expect(files.read(path)).toEqual(whole)
    }
  })

  test('a torn tail is cut off, and told once', async () => {
    const { files, clusterId } = await used()
    files.file(path).append([Buffer.from([0, 0, 0, 22, 7, 7])])
    const torn = await start(files)
    await stop()
    expect(torn).toMatchObject({
      clusterId,
      told: [expect.stringMatching(/^cluster\.journal: 6 bytes from \d+ on are cut out: a record is not whole$/)],
    })
    expect(await start(files)).toMatchObject({ clusterId, told: [] })
  })

  test.each([
    ['empty', (files: Files) => files.replace(path, Buffer.alloc(0))],
    ['missing', (files: Files) => files.remove(path)],
    ['nothing but zeros', (files: Files) => files.replace(path, Buffer.alloc(90))],
  ])('%s: the cluster has a new id, which is told once; topics stay', async (_, damage) => {
    const { files, clusterId } = await used()
    damage(files)
    const anew = await start(files)
    expect(anew.clusterId).not.toBe(clusterId)
    expect(anew.told.at(-1)).toBe(`${path}: the id of the cluster is lost, it is ${anew.clusterId} from now on`)
    expect(running[0]!.broker.topics.get('orders')).toBeDefined()
    await stop()
    expect(await start(files)).toMatchObject({ clusterId: anew.clusterId, told: [] })
  })

  test('of a new broker nothing is told', async () => {
    expect((await start(memoryFiles())).told).toEqual([])
  })
})

describe('producer-ids.journal', () => {
  const path = 'producer-ids.journal'

  test('any flipped bit is told, and no id is given again', async () => {
    const { files, producerId } = await used()
    const whole = files.read(path)!
    for (let bit = 0; bit < whole.length * 8; bit += 5) {
      files.replace(path, whole)
      flip(files, path, bit)
      const damaged = await start(files)
      expect(damaged.told).toEqual([expect.stringContaining(path)])
      expect(damaged.nextProducerId() > producerId, `bit ${bit}`).toBe(true)
      await stop()
    }
  })

  test('when it is lost, ids go on where none was given, also after one more start', async () => {
    const { files, producerId } = await used()
    files.replace(path, Buffer.alloc(50))
    const anew = await start(files)
    expect(anew.told.at(-1)).toMatch(`${path}: the ids that were given are lost, they go on with `)
    await stop()
    const again = await start(files)
    expect(again.told).toEqual([])
    expect(again.nextProducerId()).toBeGreaterThan(producerId + 1_000_000n)
  })
})
