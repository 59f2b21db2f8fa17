// A real Kafka 3.9 (KRaft, one node) as a target.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '../../src/core/deadline.ts'
import { metadata } from '../../src/protocol/messages/metadata.ts'
import { toolJars } from '../support/kafka-shell.ts'
import type { RunningTarget } from './embedded.ts'
import { valueAt } from './scenario.ts'
import { openWire } from './wire.ts'

/** What both brokers are started with, as far as answers tell it. */
export const recordedConfigs: Readonly<Record<string, string>> = {
  'node.id': '1',
  'group.initial.rebalance.delay.ms': '0',
}

const clusterId = '4L6g3nShT-eMCtK--X86sw'
const javaOptions = ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']

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

function properties(folder: string, [port, controller]: readonly number[]): string {
  const lines = {
    ...recordedConfigs,
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
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'log.cleaner.dedupe.buffer.size': '8388608',
    // scenarios write records of a fixed time: they would be taken for old and be deleted
    'log.initial.task.delay.ms': '86400000',
  }
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

async function isReady(port: number): Promise<boolean> {
  const wire = await openWire('127.0.0.1', port).catch(() => undefined)
  if (!wire) return false
  const reply = await wire.send(metadata, 1, { topics: [] }).catch(() => undefined)
  wire.close()
  return Number(valueAt(reply, 'answer.controllerId') ?? -1) >= 0
}

/** Starts it with the jars of test/support; throws what is missing. `close` stops it and removes its data. */
export async function startKafkaTarget(): Promise<RunningTarget> {
  const jars = await toolJars('3.9')
  if ('missing' in jars) throw new Error(jars.missing)
  const folder = await mkdtemp(join(tmpdir(), 'evplat-differential-'))
  const ports = await freePorts()
  const file = join(folder, 'server.properties')
  await writeFile(file, properties(folder, ports))
  const java = (...args: string[]) => spawn('java', [...javaOptions, '-cp', jars.value, ...args], { stdio: 'ignore' })
  await once(java('kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file), 'exit')
  const kafka = java('kafka.Kafka', file)
  const port = ports[0]!
  const close = async (): Promise<void> => {
    const ended = once(kafka, 'exit')
    if (kafka.exitCode === null && kafka.kill('SIGTERM')) await ended
    await rm(folder, { recursive: true, force: true })
  }
  const ready = await waitFor(async () => ((await isReady(port)) ? true : undefined), { timeoutMs: 60_000 })
  if (ready) return { host: '127.0.0.1', port, settlesWithinMs: 400, close }
  await close()
  throw new Error('Kafka does not start')
}
