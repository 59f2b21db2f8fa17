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
  /** another user to run as, which root alone can */
  readonly user?: { readonly uid: number; readonly gid: number }
  /** killed after this time; a test that comes so far fails */
  readonly timeoutMs?: number
}

const ownSettings = ['CI', 'FORCE_COLOR', 'npm_command', 'NODE_OPTIONS', 'VITEST']

/** That `auto` means the same on machines with an engine and without one. */
export const noEngine = { DOCKER_HOST: 'unix:///nowhere/docker.sock' }

/** The environment of a user without colour, CI, a container engine or settings of the test runner. */
export function plainEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !ownSettings.includes(name))
  return { ...Object.fromEntries(kept), NO_COLOR: '1', ...noEngine, ...more }
}

/** Messages name commands as evplat was started; here as `evplat ...`, so that texts can be compared whole. */
export function inPlainForm(text: string): string {
  return text.replaceAll(/`(?:npx evplat|node \S*bin\/evplat\.js)/g, '`evplat')
}

export interface RunningEvplat {
  readonly pid: number
  readonly stdin: Writable
  /** what it has printed so far */
  readonly stdout: () => string
  readonly stderr: () => string
  /** resolves when what it has printed and said is as wanted; rejects when the program ends before, or the time is up */
  until(isReached: (stdout: string, stderr: string) => boolean, timeoutMs?: number): Promise<void>
  /** resolves when stdout has so many lines; rejects as `until` does */
  lines(count: number, timeoutMs?: number): Promise<string[]>
  /** reads nothing of its stdout until `hear`: the program feels it once the pipe is full */
  deafen(): void
  hear(): void
  readonly ended: Promise<Ran>
  kill(signal: NodeJS.Signals): void
}

/** Starts `evplat ARGS` and leaves it running, its input open. It is killed when the test is over. */
export function startEvplat(args: readonly string[], { cwd, env, user }: RunOptions = {}): RunningEvplat {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: plainEnv(env),
    ...user,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  child.stdout.on('data', (chunk: Buffer) => parts.stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => parts.stderr.push(chunk))
  child.stdin.on('error', () => undefined)
  const textOf = (chunks: readonly Buffer[]): string => inPlainForm(Buffer.concat(chunks).toString())
  const [stdout, stderr] = [(): string => textOf(parts.stdout), (): string => textOf(parts.stderr)]
  const ended = once(child, 'close').then(([code]): Ran => ({
    code: code as number | null,
    stdout: stdout(),
    stderr: stderr(),
  }))
  const until: RunningEvplat['until'] = async (isReached, timeoutMs = 60_000) => {
    const isThere = await waitFor(
      () => {
        if (isReached(stdout(), stderr())) return Promise.resolve(true)
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${stdout()}${stderr()}`)
        return Promise.resolve(undefined)
      },
      { timeoutMs, everyMs: 20 },
    )
    if (!isThere) throw new Error(`not so far after ${timeoutMs} ms:\n${stdout()}${stderr()}`)
  }
  const complete = (): string[] => stdout().split('\n').slice(0, -1)
  return {
    pid: child.pid!,
    stdin: child.stdin,
    stdout,
    stderr,
    until,
    lines: async (count, timeoutMs) => {
      await until(() => complete().length >= count, timeoutMs)
      return complete()
    },
    deafen: () => void child.stdout.pause(),
    hear: () => void child.stdout.resume(),
    ended,
    kill: (signal) => void child.kill(signal),
  }
}

/** Runs `evplat ARGS` to its end. */
export async function evplat(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { timeoutMs = 120_000 } = options
  const running = startEvplat(args, options)
  running.stdin.end(options.input ?? '')
  const timer = setTimeout(() => running.kill('SIGKILL'), timeoutMs)
  const ran = await running.ended
  clearTimeout(timer)
  if (ran.code !== null) return ran
  throw new Error(`evplat ${args.join(' ')} did not end within ${timeoutMs} ms:\n${ran.stdout}${ran.stderr}`)
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evplat-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
