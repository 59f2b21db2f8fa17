// Platforms in temporary folders whose stacks really run: the command line is started as users start it, and whatever a test
// leaves running is stopped, process by process, by the pids that belong to its folder.
import type { Readable } from 'node:stream'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { platform } from 'node:process'
import type { StackRecord } from '../../src/stack/stack-file.ts'
import type { StackStatus } from '../../src/stack/status.ts'
import { inPlainForm, noEngine } from './evplat.ts'

const evplat = resolve('bin/evplat.js')
const patienceMs = 120_000

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly pid: number
  readonly ended: Promise<Ended>
  /** what it has printed so far */
  readonly stdout: () => string
  /** resolves when stderr has said something that matches; rejects when the program ends before, or after two minutes */
  readonly said: (pattern: RegExp) => Promise<void>
  /** the same of stdout */
  readonly printed: (pattern: RegExp) => Promise<void>
  readonly kill: (signal: NodeJS.Signals) => void
}

export interface Platform {
  readonly folder: string
  readonly start: (...args: string[]) => Running
  readonly run: (...args: string[]) => Promise<Ended>
  /** runs it, and throws what it said when it fails */
  readonly succeed: (...args: string[]) => Promise<Ended>
  readonly status: () => Promise<StackStatus>
  readonly record: () => Promise<StackRecord>
  /** the endpoint of a server that the stack has */
  readonly endpoint: (server: string) => Promise<string>
  readonly pidOf: (server: string) => Promise<number>
}

export interface PlatformOptions {
  /** what stands in `stack.kafka`: `version: "4.3"` */
  readonly kafka?: string
  readonly ports?: string
  readonly runtime?: 'native' | 'embedded' | 'docker' | 'auto'
  /** what else stands in `stack`: `registry: evplat` */
  readonly more?: string
  /** the name of the platform: of containers, that of their project */
  readonly project?: string
  readonly env?: Readonly<Record<string, string>>
  /** services and the databases that they ask for: `orders: { database: postgres }` */
  readonly services?: string
  /** part of the folder's name */
  readonly name?: string
}

const platforms: Platform[] = []

export async function newPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const { env = {}, name = '' } = options
  const folder = await mkdtemp(join(tmpdir(), `evplat-real-${name}`))
  await writePlatform(folder, options)
  const start = (...args: string[]): Running => startProgram([...args, '-C', folder], env)
  const run = (...args: string[]): Promise<Ended> => start(...args).ended
  const platform: Platform = {
    folder,
    start,
    run,
    succeed: async (...args) => {
      const end = await run(...args)
      if (end.code !== 0) throw new Error(`evplat ${args.join(' ')} ended with ${end.code}:\n${end.stderr}`)
      return end
    },
    status: async () => JSON.parse((await run('status', '-o', 'json')).stdout) as StackStatus,
    record: async () => JSON.parse(await readFile(join(folder, '.evplat/stack.json'), 'utf8')) as StackRecord,
    endpoint: async (server) => (await serverOf(platform, server)).endpoint,
    pidOf: async (server) => (await serverOf(platform, server)).pid!,
  }
  platforms.push(platform)
  return platform
}

async function serverOf(platform: Platform, name: string): Promise<StackRecord['servers'][number]> {
  const server = (await platform.record()).servers.find((one) => one.name === name)
  if (!server) throw new Error(`there is no ${name}`)
  return server
}

type Written = Pick<PlatformOptions, 'kafka' | 'ports' | 'runtime' | 'more' | 'project' | 'services'>

/** Writes platform.yaml; what is left out is as `newPlatform` has it. */
export function writePlatform(folder: string, written: Written): Promise<void> {
  const { kafka = 'version: "3.9"', ports = 'auto', runtime = 'native', more, project = 'trial', services } = written
  const parts = [`runtime: ${runtime}`, `kafka: { ${kafka} }`, `ports: ${ports}`, ...(more === undefined ? [] : [more])]
  const lines = [
    'apiVersion: evplat/v1',
    `name: ${project}`,
    `stack: { ${parts.join(', ')} }`,
    ...(services === undefined ? [] : [`services: { ${services} }`]),
  ]
  return writeFile(join(folder, 'platform.yaml'), `${lines.join('\n')}\n`)
}

function startProgram(args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, [evplat, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...noEngine, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'close').then(([code]): Ended => ({
    code: code as number | null,
    stdout: inPlainForm(stdout),
    stderr: inPlainForm(stderr),
  }))
  return {
    pid: child.pid!,
    ended,
    stdout: () => stdout,
    kill: (signal) => void child.kill(signal),
    said: (pattern) => matches(pattern, child.stderr, () => stderr, ended),
    printed: (pattern) => matches(pattern, child.stdout, () => stdout, ended),
  }
}

async function matches(pattern: RegExp, stream: Readable, text: () => string, ended: Promise<unknown>): Promise<void> {
  const signal = AbortSignal.timeout(patienceMs)
  const hears = (): Promise<boolean> =>
    once(stream, 'data', { signal }).then(
      () => true,
      () => false,
    )
  while (!pattern.test(text())) {
    const more = await Promise.race([hears(), ended.then(() => false)])
    if (!more && !pattern.test(text())) throw new Error(`there never was ${pattern}:\n${text()}`)
  }
}

/** Processes that name the folder in their command lines, but for the one that looks and evplat itself. */
export function processesOf(folder: string): { pid: number; command: string }[] {
  return commandLines()
    .filter((line) => line.includes(folder) && !line.includes('bin/evplat.js'))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim() }))
}

/** `PID ARGUMENTS` of every process. */
function commandLines(): string[] {
  if (platform !== 'linux') return execFileSync('ps', ['-eww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map((pid) => {
    try {
      return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`
    } catch {
      return '' // it has ended since
    }
  })
}

export function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.once('connect', () => done(true)).once('error', () => done(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** Everything that a stack which is down must not have left: processes, ports, locks. */
export async function leftovers({ folder, record }: Platform): Promise<string[]> {
  const root = join(folder, '.evplat')
  const left = processesOf(folder).map(({ command }) => command)
  if (existsSync(root)) left.push(...readdirSync(root).filter((name) => name.startsWith('lock')))
  if (!existsSync(join(root, 'stack.json'))) return left
  const { ports } = await record()
  const beside = Object.values(ports.services ?? {})
  const all = [...ports.brokers, ...(ports.controllers ?? []), ports.registry, ports.zookeeper ?? [], beside].flat()
  for (const port of all) if (await answers(port)) left.push(`port ${port}`)
  return left
}

/** Stops what the tests' platforms still run, by their pids, and removes their folders. */
export async function removePlatforms(): Promise<void> {
  for (const { folder, run } of platforms.splice(0)) {
    await run('down', '--volumes', '--yes')
    for (const { pid } of processesOf(folder)) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // it has ended by itself
      }
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}
