// A real Kafka 3.9 (KRaft, one node) that no platform stands behind.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '../../src/core/deadline.ts'
import { metadata } from '../../src/protocol/messages/metadata.ts'
import { valueAt } from '../differential/scenario.ts'
import { openWire } from '../differential/wire.ts'
import { needed } from './found.ts'
import { toolJars } from './kafka-shell.ts'

export interface SingleKafkaOptions {
  readonly javaOptions: readonly string[]
  /** beside listeners, roles and folders */
  readonly configs: Readonly<Record<string, string>>
  /** where the folder of its data is made; that for temporary files, left out */
  readonly within?: string
}

export interface SingleKafka {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
  /** again, on the same port with the same data */
  start(): Promise<void>
  /** `stop` and `start` */
  restart(): Promise<void>
  /** stops it and removes its data */
  close(): Promise<void>
}

const clusterId = '4L6g3nShT-eMCtK--X86sw'

async function freePorts(): Promise<number[]> {
  const servers = await Promise.all(
    [0, 0].map(async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  for (const server of servers) server.close()
  return ports
}

function properties(
  folder: string,
  configs: SingleKafkaOptions['configs'],
  [port, controller]: readonly number[],
): string {
  const lines = {
    'node.id': '1',
    'process.roles': 'broker,controller',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '5',
    'group.initial.rebalance.delay.ms': '0',
    ...configs,
  }
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

async function isReady(port: number): Promise<true | undefined> {
  const wire = await openWire('127.0.0.1', port).catch(() => undefined)
  if (!wire) return undefined
  const reply = await wire.send(metadata, 1, { topics: [] }).catch(() => undefined)
  wire.close()
  return Number(valueAt(reply, 'answer.controllerId') ?? -1) >= 0 ? true : undefined
}

async function stop(kafka: ChildProcess): Promise<void> {
  const ended = once(kafka, 'exit')
  if (kafka.exitCode === null && kafka.signalCode === null && kafka.kill('SIGTERM')) await ended
}

/** Starts it with the jars of test/support/kafka-shell.ts. Throws what is missing, or that it does not start. */
export async function startSingleKafka({
  javaOptions,
  configs,
  within = tmpdir(),
}: SingleKafkaOptions): Promise<SingleKafka> {
  const classPath = needed(await toolJars('3.9'))
  const folder = await mkdtemp(join(within, 'evplat-kafka-'))
  const ports = await freePorts()
  const port = ports[0]!
  const file = join(folder, 'server.properties')
  await writeFile(file, properties(folder, configs, ports))
  const java = (...args: string[]) => spawn('java', [...javaOptions, '-cp', classPath, ...args], { stdio: 'ignore' })
  let kafka: ChildProcess
  const close = async (): Promise<void> => {
    await stop(kafka)
    await rm(folder, { recursive: true, force: true })
  }
  const start = async (): Promise<void> => {
    kafka = java('kafka.Kafka', file)
    if (await waitFor(() => isReady(port), { timeoutMs: 60_000 })) return
    await close()
    throw new Error('Kafka does not start')
  }
  await once(java('kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file), 'exit')
  await start()
  return {
    port,
    get pid() {
      return kafka.pid!
    },
    stop: () => stop(kafka),
    start,
    restart: () => stop(kafka).then(start),
    close,
  }
}
