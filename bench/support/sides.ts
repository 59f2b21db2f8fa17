// The two brokers of a comparison, each a process of its own with its data on disk: the embedded one and a real Kafka 3.9 with
// the options that its own start script gives it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startSingleKafka } from '../../test/support/single-kafka.ts'

export interface Side {
  readonly name: string
  readonly bootstrap: string
  readonly pid: number
  stop(): Promise<void>
}

/** As kafka-run-class.sh and kafka-server-start.sh of Kafka 3.9 set them. */
const kafkaOptions = [
  '-Xms1G',
  '-Xmx1G',
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
]

/** Where both keep their data: in the clone, since a folder for temporary files may be memory. */
function dataFolder(): string {
  mkdirSync('.cache', { recursive: true })
  return resolve('.cache')
}

const embeddedProgram = `
import { startEmbedded } from ${JSON.stringify(resolve('dist/stack/embedded/start-embedded.js'))}
const embedded = await startEmbedded({ data: process.argv[1], onTrouble: (text) => console.error(text) })
process.on('SIGTERM', () => void embedded.close())
console.log(embedded.bootstrap, embedded.registryUrl)
`

/** The embedded broker and registry in a Node of their own, by the bundle that users have. */
export async function startEmbeddedSide(): Promise<Side & { readonly registryUrl: string }> {
  const folder = mkdtempSync(join(dataFolder(), 'evplat-embedded-'))
  const child = spawn(process.execPath, ['--input-type=module', '-e', embeddedProgram, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const said = await Promise.race([once(child.stdout, 'data'), ended.then(() => undefined)])
  if (!said) throw new Error('the embedded broker did not start')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const [bootstrap = '', registryUrl = ''] = String(said[0]).trim().split(' ')
  return { name: 'embedded', bootstrap, registryUrl, pid: child.pid!, stop }
}

export async function startKafkaSide(): Promise<Side> {
  const kafka = await startSingleKafka({ javaOptions: kafkaOptions, configs: {}, within: dataFolder() })
  return { name: 'Kafka 3.9', bootstrap: `127.0.0.1:${kafka.port}`, pid: kafka.pid, stop: () => kafka.close() }
}

/** Starts both, the embedded one first, and stops them when the work is done or has failed. */
export async function withBothSides(work: (sides: readonly Side[]) => Promise<void>): Promise<void> {
  const sides: Side[] = []
  try {
    sides.push(await startEmbeddedSide())
    sides.push(await startKafkaSide())
    await work(sides)
  } finally {
    for (const side of sides) await side.stop()
  }
}

/** CPU time that a process has used so far, of all its threads, in milliseconds (proc(5); a tick is 10 ms). */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Resident memory in MB. */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}
