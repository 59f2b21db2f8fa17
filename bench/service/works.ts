// What is measured of a service, each with its gate: nothing is returned before every id is accounted for.
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { cpuMs, residentMb } from '../support/sides.ts'
import { makeTopics, removeTopic } from '../support/topics.ts'
import { createDecoder } from '../../src/avro/decode.ts'
import { parseSchema } from '../../src/avro/parse.ts'
import { wirePrefix } from '../../src/avro/wire-format.ts'
import { type PaymentSettled, order, paymentSchema, settled, sumOf } from './orders.ts'
import { fileOf, start } from './programs.ts'
import { eachRecord } from './topic-records.ts'

export interface Bench {
  readonly bootstrap: string
  readonly registryUrl: string
  readonly records: number
  readonly requests: number
}

export type Figures = Readonly<Record<string, number>>

const environmentOf = ({ bootstrap, registryUrl }: Bench, profile: string, handler = 'noop') => ({
  KAFKA_BROKERS: bootstrap,
  KAFKA_BOOTSTRAP_SERVERS: bootstrap,
  SCHEMA_REGISTRY_URL: registryUrl,
  PROFILE: profile,
  HANDLER: handler,
  GROUP: `g-${Date.now()}`,
})

/** Start to ready, and memory four seconds after that. */
export async function startup(bench: Bench, command: readonly string[]): Promise<Figures> {
  const service = await start(command, environmentOf(bench, 'orders'))
  try {
    const cpu = cpuMs(service.pid)
    await sleep(4000)
    return { 'ready ms': service.readyMs, 'cpu ms': cpu, 'idle MB': residentMb(service.pid) }
  } finally {
    await service.stop()
  }
}

/** POST /api/produce over 32 and 128 connections, after a while to get warm. */
export async function load(bench: Bench, command: readonly string[]): Promise<Figures> {
  const service = await start(command, environmentOf(bench, 'orders'))
  const run = async (connections: number, requests: number): Promise<Record<string, number>> => {
    const args = [fileOf('load'), service.url, service.pid, bench.bootstrap, connections, requests].map(String)
    return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as Record<string, number>
  }
  try {
    await run(32, bench.requests / 2)
    const figures: Record<string, number> = {}
    for (const connections of [32, 128]) {
      const { cpuUs, p99, perSecond, residentMb: mb } = await run(connections, bench.requests)
      Object.assign(figures, { [`c${connections} us`]: cpuUs, [`c${connections} p99 ms`]: p99 })
      Object.assign(figures, { [`c${connections} /s`]: perSecond, MB: mb })
    }
    return figures
  } finally {
    await service.stop()
  }
}

/** All orders through the listener. */
export async function listen(bench: Bench, command: readonly string[], handler: string): Promise<Figures> {
  await removeTopic(bench.bootstrap, settled).catch(() => undefined)
  await makeTopics(bench.bootstrap, [settled], 3)
  const service = await start(command, environmentOf(bench, 'payments', handler))
  try {
    const before = cpuMs(service.pid)
    const stats = await untilHandled(service.url, bench.records)
    const cpu = cpuMs(service.pid) - before
    if (stats.sum !== sumOf(bench.records)) throw new Error(`the sum of the amounts is ${stats.sum}`)
    if (handler !== 'noop') await accountFor(bench)
    const perSecond = (bench.records / (stats.lastAt - stats.firstAt)) * 1000
    return { us: (cpu * 1000) / bench.records, '/s': perSecond, MB: residentMb(service.pid) }
  } finally {
    await service.stop()
  }
}

interface Seen {
  readonly handled: number
  readonly sum: number
  readonly firstAt: number
  readonly lastAt: number
}

async function untilHandled(url: string, records: number): Promise<Seen> {
  const deadline = performance.now() + 240_000
  for (;;) {
    await sleep(100)
    const stats = (await (await fetch(`${url}/lab/stats`)).json()) as Seen
    if (stats.handled === records) return stats
    if (stats.handled > records || performance.now() > deadline)
      throw new Error(`${stats.handled} of ${records} orders were handled`)
  }
}

/** Throws unless each order has its one payment. */
async function accountFor({ bootstrap, records }: Bench): Promise<void> {
  const decode = createDecoder(parseSchema(JSON.stringify(paymentSchema)))
  const ids = new Set<string>()
  let count = 0
  await eachRecord(bootstrap, settled, ({ value }) => {
    const payment = decode(value!.subarray(wirePrefix)) as unknown as PaymentSettled
    const number = Number(payment.orderId.slice(2))
    if (payment.amountCents !== order(number).amountCents) throw new Error(`${payment.orderId} is settled wrongly`)
    ids.add(payment.orderId)
    count++
  })
  if (ids.size !== records || count !== records)
    throw new Error(`${records} orders have ${count} payments of ${ids.size} orders`)
}
