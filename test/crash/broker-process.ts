// The process of the embedded runtime, as `evplat up` starts it, to be killed and started again on the same folder and ports.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../support/free-port.ts'

export interface Place {
  readonly data: string
  readonly ports: { readonly kafka: number; readonly registry: number; readonly faults: number }
}

export interface BrokerProcess {
  /** its lines so far */
  readonly lines: readonly string[]
  /** resolves when it serves; rejects when it has ended before */
  readonly ready: Promise<void>
  /** how it ended: its exit code, or the signal */
  readonly ended: Promise<number | NodeJS.Signals>
  signal(signal: 'SIGKILL' | 'SIGTERM'): void
}

const readyMs = 30_000

export async function newPlace(data: string): Promise<Place> {
  return { data, ports: { kafka: await freePort(), registry: await freePort(), faults: await freePort() } }
}

const entry = 'dist/stack/embedded/embedded-process.js'

async function untilReady(child: ChildProcess, lines: readonly string[]): Promise<void> {
  const deadline = performance.now() + readyMs
  while (!lines.some((line) => line.includes(' INFO Kafka at '))) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null
    if (hasEnded || performance.now() > deadline)
      throw new Error(`the broker ${hasEnded ? 'ended' : 'hangs'} before it was ready:\n${lines.join('\n')}`)
    await sleep(5)
  }
}

/** Starts it; the working directory is the root of the repository, which is built. */
export function startProcess({ data, ports }: Place): BrokerProcess {
  const options = Object.entries({ ...ports, data }).flatMap(([name, value]) => [`--${name}`, String(value)])
  const child = spawn(process.execPath, [entry, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  let rest = ''
  const hear = (text: Buffer): void => {
    const parts = (rest + text.toString()).split('\n')
    rest = parts.pop()!
    lines.push(...parts)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  const ready = untilReady(child, lines)
  ready.catch(() => undefined) // who kills it meanwhile does not wait for it
  return { lines, ready, ended, signal: (signal) => child.kill(signal) }
}
