// Whole processes measured side by side: in turn, several rounds, medians. Machines are noisy: ratios are what to read.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'

export interface Contender {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

export interface Round {
  readonly wallMs: number
  /** bytes on stdout */
  readonly bytes: number
  readonly lines: number
  readonly hash: string
}

/** Runs one process to its end. Throws when it fails. */
export function runOnce({ name, command, args }: Contender): Promise<Round> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NO_COLOR: '1' } })
    const hash = createHash('sha1')
    let bytes = 0
    let lines = 0
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      hash.update(chunk)
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${name} ended with ${code}`))
      else resolve({ wallMs: performance.now() - began, bytes, lines, hash: hash.digest('hex') })
    })
  })
}

/** Wall times with the output thrown away by the kernel, so that nobody's pipe is measured. */
export function timeToVoid({ name, command, args }: Contender): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(performance.now() - began) : reject(new Error(`${name} ended with ${code}`)),
    )
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

/** Medians of the contenders, run in turn; the last one is what the others are compared with. */
export async function compare(contenders: readonly Contender[], rounds: number): Promise<Map<string, number>> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  for (let round = -1; round < rounds; round++)
    for (const contender of contenders) {
      const wallMs = await timeToVoid(contender)
      if (round >= 0) times.get(contender.name)!.push(wallMs)
    }
  return new Map([...times].map(([name, list]) => [name, median(list)]))
}

/** Prints a line for each contender: its median, and how many times that of the last one. */
export function printRatios(title: string, medians: ReadonlyMap<string, number>): void {
  const base = [...medians.values()].at(-1)!
  process.stdout.write(`\n${title}\n`)
  for (const [name, ms] of medians)
    process.stdout.write(`  ${name.padEnd(36)} ${ms.toFixed(0).padStart(6)} ms  ${(ms / base).toFixed(2)}x\n`)
}
