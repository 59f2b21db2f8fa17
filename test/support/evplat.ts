// Runs the real, built command line as a user would: in a folder, with arguments, with or without input.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'

export const script: string = resolve('bin/evplat.js')

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly input?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
  /** killed after this time; a test that comes so far fails */
  readonly timeoutMs?: number
}

const ownSettings = ['CI', 'FORCE_COLOR', 'npm_command', 'NODE_OPTIONS', 'VITEST']

/** The environment of a user without colour, CI or settings of the test runner. */
export function plainEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !ownSettings.includes(name))
  return { ...Object.fromEntries(kept), NO_COLOR: '1', ...more }
}

/** Runs `evplat ARGS` to its end. Messages name commands as `evplat ...`, so that texts can be compared whole. */
export function evplat(
  args: readonly string[],
  { cwd, input, env, timeoutMs = 120_000 }: RunOptions = {},
): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd,
      env: plainEnv(env),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail(new Error(`evplat ${args.join(' ')} did not end within ${timeoutMs} ms`))
    }, timeoutMs)
    const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
    child.stdout.on('data', (chunk: Buffer) => parts.stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => parts.stderr.push(chunk))
    child.on('error', fail)
    child.on('close', (code) => {
      clearTimeout(timer)
      const text = (chunks: readonly Buffer[]): string =>
        Buffer.concat(chunks)
          .toString()
          .replaceAll(/`node \S*bin\/evplat\.js/g, '`evplat')
      done({ code, stdout: text(parts.stdout), stderr: text(parts.stderr) })
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(input ?? '')
  })
}

export interface RunningEvplat {
  readonly pid: number
  readonly stdin: Writable
  /** what it has printed so far */
  readonly stdout: () => string
  readonly stderr: () => string
  /** resolves when stdout has so many lines; rejects when the program ends before, or the time is up */
  lines(count: number, timeoutMs?: number): Promise<string[]>
  /** reads nothing of its stdout until `hear`: the program feels it once the pipe is full */
  deafen(): void
  hear(): void
  readonly ended: Promise<Ran>
  kill(signal: NodeJS.Signals): void
}

/** Starts `evplat ARGS` and leaves it running: input and output flow while a test goes on. It is killed when the test is over. */
export function startEvplat(args: readonly string[], { cwd, env }: RunOptions = {}): RunningEvplat {
  const child = spawn(process.execPath, [script, ...args], { cwd, env: plainEnv(env), stdio: ['pipe', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.on('error', () => undefined)
  const ended = once(child, 'close').then(([code]): Ran => ({ code: code as number | null, stdout, stderr }))
  const complete = (): string[] => stdout.split('\n').slice(0, -1)
  return {
    pid: child.pid!,
    stdin: child.stdin,
    stdout: () => stdout,
    stderr: () => stderr,
    deafen: () => void child.stdout.pause(),
    hear: () => void child.stdout.resume(),
    ended,
    kill: (signal) => void child.kill(signal),
    lines: async (count, timeoutMs = 60_000) => {
      const found = await waitFor(
        () => {
          if (complete().length >= count) return Promise.resolve(complete())
          if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${stderr}`)
          return Promise.resolve(undefined)
        },
        { timeoutMs, everyMs: 20 },
      )
      if (!found) throw new Error(`${complete().length} of ${count} lines after ${timeoutMs} ms:\n${stderr}`)
      return found
    },
  }
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evplat-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
