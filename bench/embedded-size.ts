// What the embedded broker costs at rest and with many topics: `npm run bench -- embedded-size [PARTITIONS] [TOPICS] [ROUNDS]`.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readTopicShapes } from '../src/kafka/admin/topics.ts'
import { Cluster } from '../src/kafka/cluster.ts'
import { Producer } from '../src/kafka/write/producer.ts'
import { startEmbedded } from '../src/stack/embedded/start-embedded.ts'
import { median } from './support/side-by-side.ts'
import { residentMb, startEmbeddedSide } from './support/sides.ts'
import { makeTopics } from './support/topics.ts'

const partitions = Number(process.argv[2] ?? 1000)
const topics = Number(process.argv[3] ?? 2000)
const rounds = Number(process.argv[4] ?? 7)

/** Data of 100 records in each partition, left by a broker that was closed. */
async function fill(data: string): Promise<void> {
  const embedded = await startEmbedded({ data })
  await makeTopics(embedded.bootstrap, ['filled'], partitions)
  const cluster = await Cluster.connect({ bootstrap: [embedded.bootstrap] })
  const producer = await Producer.open(cluster, 'filled')
  for (let i = 0; i < partitions * 100; i++) {
    const record = { key: null, value: Buffer.alloc(100, 'x'), headers: [], timestamp: Date.now() }
    if (!producer.add(record, i % partitions, i)) await producer.ready()
  }
  await producer.flush()
  cluster.close()
  await embedded.close()
}

const opening = `
import { startEmbedded } from ${JSON.stringify(resolve('dist/stack/embedded/start-embedded.js'))}
const began = performance.now()
const embedded = await startEmbedded({ data: process.argv[1] })
console.log(performance.now() - began)
if (process.argv[2] === 'close') await embedded.close()
else process.kill(process.pid, 'SIGKILL')
`

/** Milliseconds from the call to a broker that listens, in a process that has loaded it. */
function openOnce(data: string, end: 'close' | 'kill'): number {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', opening, data, end], {
    encoding: 'utf8',
  })
  const ms = Number(stdout)
  if (!(ms > 0)) throw new Error(`it did not open: ${stderr}`)
  return ms
}

async function measureStart(): Promise<void> {
  mkdirSync('.cache', { recursive: true })
  const data = mkdtempSync(resolve('.cache', 'evplat-start-'))
  try {
    await fill(join(data, 'data'))
    openOnce(join(data, 'data'), 'close')
    for (const end of ['close', 'kill'] as const) {
      const times = Array.from({ length: rounds }, () => openOnce(join(data, 'data'), end))
      const told = end === 'close' ? 'that was closed' : 'that was killed'
      process.stdout.write(
        `startEmbedded() with ${partitions} partitions ${told}: ${median(times.slice(1)).toFixed(0)} ms\n`,
      )
    }
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

async function measureTopics(): Promise<void> {
  const side = await startEmbeddedSide()
  try {
    await sleep(3000)
    process.stdout.write(`broker and registry idle: ${residentMb(side.pid).toFixed(0)} MB resident\n`)
    const names = Array.from({ length: topics }, (_, i) => `topic-${i}`)
    const began = performance.now()
    await makeTopics(side.bootstrap, names, 3)
    process.stdout.write(`${topics} topics of 3 partitions created: ${(performance.now() - began).toFixed(0)} ms\n`)
    const cluster = await Cluster.connect({ bootstrap: [side.bootstrap] })
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const asked = performance.now()
      const shapes = await readTopicShapes(cluster, names)
      times.push(performance.now() - asked)
      if (shapes.size !== topics) throw new Error('topics are missing')
    }
    cluster.close()
    const [first, ...others] = times
    process.stdout.write(
      `metadata of all: ${first!.toFixed(0)} ms at first, then ${median(others).toFixed(0)} ms; ${residentMb(side.pid).toFixed(0)} MB resident\n`,
    )
  } finally {
    await side.stop()
  }
}

await measureStart()
await measureTopics()
