// Latency of the embedded broker beside a real Kafka 3.9: `npm run bench -- embedded-latency [SECONDS] [WAKE-UPS]`. Needs Java, Maven.
// Produce: Java's perf producer at 1,000 records a second with acks=all. Wake-up: how long after a record was sent the answer to the
// fetch that waits for it is here; one client asks both, so its own time and that of the append are part of it.
import { setTimeout as sleep } from 'node:timers/promises'
import { fetch } from '../src/protocol/messages/fetch.ts'
import { produce } from '../src/protocol/messages/produce.ts'
import { BatchBuilder } from '../src/protocol/records/batch-builder.ts'
import { valueAt } from '../test/differential/scenario.ts'
import { type Wire, openWire } from '../test/differential/wire.ts'
import { percentile } from './support/percentile.ts'
import { runPerf } from './support/perf-tools.ts'
import { type Side, withBothSides } from './support/sides.ts'
import { makeTopics } from './support/topics.ts'

const seconds = Number(process.argv[2] ?? 30)
const wakeUps = Number(process.argv[3] ?? 3000)
const topic = 'latency'

/** Milliseconds by what Java's perf producer prints, `12 ms 99th`. */
async function producePercentiles({ bootstrap }: Side, time: number): Promise<Record<string, number>> {
  const sizes = ['--num-records', String(time * 1000), '--record-size', '1000', '--throughput', '1000']
  const props = ['--producer-props', `bootstrap.servers=${bootstrap}`, 'acks=all']
  const stdout = await runPerf('Producer', ['--topic', topic, ...sizes, ...props])
  const last = stdout.trim().split('\n').at(-1)!
  if (!last.startsWith(`${time * 1000} records sent`)) throw new Error(`the producer says: ${stdout}`)
  return Object.fromEntries(
    [...last.matchAll(/(\d+) ms (50th|99th|99\.9th)/g)].map(([, ms, name]) => [name!, Number(ms)]),
  )
}

function oneRecord(): Buffer {
  const builder = new BatchBuilder()
  builder.add({ key: null, value: Buffer.alloc(1000, 'x'), headers: [], timestamp: Date.now() })
  return builder.finish()
}

async function append(wire: Wire): Promise<bigint> {
  const partitionData = [{ index: 0, records: oneRecord() }]
  const topicData = [{ name: topic, partitionData }]
  const reply = await wire.send(produce, 9, { transactionalId: null, acks: -1, timeoutMs: 5000, topicData })
  return valueAt(reply, 'answer.responses.0.partitionResponses.0.baseOffset') as bigint
}

async function wakeUp(reader: Wire, writer: Wire, fetchOffset: bigint): Promise<number> {
  const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000_000 }]
  const body = { maxWaitMs: 5000, minBytes: 1, topics: [{ topic, partitions }] }
  const woken = reader.send(fetch, 12, body).then((reply) => ({ reply, at: performance.now() }))
  await sleep(3)
  const sent = performance.now()
  await append(writer)
  const { reply, at } = await woken
  const bytes = valueAt(reply, 'answer.responses.0.partitions.0.records') as Buffer | null
  if (bytes?.readBigInt64BE(0) !== fetchOffset) throw new Error('the fetch woke up without its record')
  return at - sent
}

async function wakeUpsOf({ bootstrap }: Side): Promise<number[]> {
  const [host, port] = bootstrap.split(':')
  const [reader, writer] = [await openWire(host!, Number(port)), await openWire(host!, Number(port))]
  let offset = (await append(writer)) + 1n
  const times: number[] = []
  for (let i = -500; i < wakeUps; i++) {
    const ms = await wakeUp(reader, writer, offset++)
    if (i >= 0) times.push(ms)
  }
  reader.close()
  writer.close()
  return times
}

await withBothSides(async (sides) => {
  for (const side of sides) {
    await makeTopics(side.bootstrap, [topic])
    await producePercentiles(side, 5)
  }
  process.stdout.write(`produce at 1,000 records of 1 kB a second, acks=all, ${seconds} s\n`)
  for (const side of sides) {
    const ms = Object.entries(await producePercentiles(side, seconds)).map(([name, value]) => `${name} ${value} ms`)
    process.stdout.write(`  ${side.name.padEnd(12)} ${ms.join(', ')}\n`)
  }
  process.stdout.write(`a record sent, and read by a fetch that waited, ${wakeUps} times\n`)
  for (const side of sides) {
    const times = await wakeUpsOf(side)
    const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)]
    process.stdout.write(`  ${side.name.padEnd(12)} p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms\n`)
  }
})
