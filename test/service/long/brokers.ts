// The broker below the instances, in a process of its own: taken away, and back on the same port with the same data.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '../../../src/core/deadline.ts'
import { startSingleKafka } from '../../support/single-kafka.ts'
import { freePort } from '../../support/strangers.ts'
import { Cluster } from '../../../src/kafka/cluster.ts'
import { type Program, buildProgram, endProgram, startProgram } from './programs.ts'

export const runtimes = ['embedded', 'native'] as const
export type Runtime = (typeof runtimes)[number]

export interface Broker {
  readonly bootstrap: string
  /** takes fault rules at /faults; the embedded one alone */
  readonly faultsUrl: string | undefined
  away(): Promise<void>
  back(): Promise<void>
  close(): Promise<void>
}

export function startBroker(runtime: Runtime): Promise<Broker> {
  return runtime === 'embedded' ? startEmbeddedBroker() : startKafka()
}

/** `away` kills it. */
async function startEmbeddedBroker(): Promise<Broker> {
  const file = await buildProgram('src/stack/embedded/embedded-process.ts')
  const data = mkdtempSync(join(tmpdir(), 'evplat-long-data-'))
  const [kafka, registry, faults] = [await freePort(), await freePort(), await freePort()]
  const bootstrap = `127.0.0.1:${kafka}`
  const ports = ['--kafka', `${kafka}`, '--registry', `${registry}`, '--faults', `${faults}`]
  let program: Program
  const back = async (): Promise<void> => {
    program = startProgram(file, [...ports, '--data', data], {})
    if (!(await waitFor(() => answers(bootstrap), { timeoutMs: 20_000 })))
      throw new Error(`the embedded broker does not start:\n${program.log()}`)
  }
  const away = async (): Promise<void> => void (await endProgram(program, 'SIGKILL'))
  await back()
  return {
    bootstrap,
    faultsUrl: `http://127.0.0.1:${faults}/faults`,
    away,
    back,
    close: async () => {
      await away()
      for (const path of [data, file]) rmSync(path, { recursive: true, force: true })
    },
  }
}

/** Apache Kafka 3.9 (KRaft); `away` stops it as an operator does. */
async function startKafka(): Promise<Broker> {
  const kafka = await startSingleKafka({
    javaOptions: ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    configs: { 'group.min.session.timeout.ms': '500' },
  })
  return {
    bootstrap: `127.0.0.1:${kafka.port}`,
    faultsUrl: undefined,
    away: () => kafka.stop(),
    back: () => kafka.start(),
    close: () => kafka.close(),
  }
}

async function answers(bootstrap: string): Promise<true | undefined> {
  const cluster = await Cluster.connect({ bootstrap: [bootstrap] }, { connectTimeoutMs: 1000 }).catch(() => undefined)
  cluster?.close()
  return cluster && true
}
