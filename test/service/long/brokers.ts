// The broker below the instances, in a process of its own: taken away, and back on the same port with the same data.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '../../../src/core/deadline.ts'
import { startSingleKafka } from '../../support/single-kafka.ts'
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

/** `away` kills it. It takes free ports, and its own of Kafka when it is back. */
async function startEmbeddedBroker(): Promise<Broker> {
  const file = await buildProgram('src/stack/embedded/embedded-process.ts')
  const data = mkdtempSync(join(tmpdir(), 'evplat-long-data-'))
  const start = async (port: string): Promise<Serving> => {
    const ports = ['--kafka', port, '--registry', '0', '--faults', '0']
    const program = startProgram(file, [...ports, '--data', data], {})
    const told = await waitFor(() => Promise.resolve(toldBy(program)), { timeoutMs: 20_000 })
    if (told) return { program, ...told }
    await endProgram(program, 'SIGKILL')
    throw new Error(`the embedded broker does not start:\n${program.log()}`)
  }
  const remove = (): void => [data, file].forEach((path) => rmSync(path, { recursive: true, force: true }))
  let serving = await start('0').catch((thrown: unknown) => {
    remove()
    throw thrown
  })
  const { bootstrap } = serving
  const away = async (): Promise<void> => void (await endProgram(serving.program, 'SIGKILL'))
  return {
    bootstrap,
    get faultsUrl() {
      return serving.faults
    },
    away,
    back: async () => {
      serving = await start(bootstrap.replace(/.*:/, ''))
    },
    close: async () => {
      await away()
      remove()
    },
  }
}

interface Told {
  readonly bootstrap: string
  readonly faults: string
}

type Serving = Told & { readonly program: Program }

/** Where the embedded broker says that it serves; undefined while it does not. */
function toldBy({ log }: Program): Told | undefined {
  const [, bootstrap, faults] = /Kafka at (\S+), .*faults at (\S+)/.exec(log()) ?? []
  return bootstrap !== undefined && faults !== undefined ? { bootstrap, faults } : undefined
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
