// Runs the real, built command line as a user would: in a folder, with arguments, with or without input.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { onTestFinished } from 'vitest'

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

/** The environment of a user without colour, CI or settings of the test runner. */
export function plainEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !ownSettings.includes(name))
  return { ...Object.fromEntries(kept), NO_COLOR: '1', ...more }
}

/** A run that goes on: to be looked at, typed into, interrupted. */
export interface Started {
  readonly pid: number
  readonly stdin: Writable
  readonly ended: Promise<Ran>
  /** what it has printed and said so far */
  readonly stdout: () => string
  readonly stderr: () => string
  /** resolves when what it has printed or said so far is as wanted; throws what that is when it ends before */
  readonly until: (isReached: (stdout: string, stderr: string) => boolean) => Promise<void>
  readonly kill: (signal: NodeJS.Signals) => void
}

/** Messages name commands as `evplat ...`, so that texts can be compared whole. */
function inPlainForm(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks)
    .toString()
    .replaceAll(/`node \S*bin\/evplat\.js/g, '`evplat')
}

/** Starts `evplat ARGS`. Its input stays open. */
export function startEvplat(
  args: readonly string[],
  { cwd, env, user, timeoutMs = 120_000 }: RunOptions = {},
): Started {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: plainEnv(env),
    ...user,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  const [stdout, stderr] = [(): string => inPlainForm(parts.stdout), (): string => inPlainForm(parts.stderr)]
  const watchers = new Set<() => void>()
  const ended = new Promise<Ran>((done, fail) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail(new Error(`evplat ${args.join(' ')} did not end within ${timeoutMs} ms:\n${stdout()}${stderr()}`))
    }, timeoutMs)
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (chunk: Buffer) => {
        parts[name].push(chunk)
        for (const look of watchers) look()
      })
    child.on('error', fail)
    child.on('close', (code) => {
      clearTimeout(timer)
      done({ code, stdout: stdout(), stderr: stderr() })
    })
  })
  child.stdin.on('error', () => undefined)
  const until: Started['until'] = (isReached) =>
    new Promise((done, fail) => {
      const look = (): void => {
        if (!isReached(stdout(), stderr())) return
        watchers.delete(look)
        done()
      }
      watchers.add(look)
      ended.then(() => fail(new Error(`it ended before:\n${stdout()}${stderr()}`)), fail)
      look()
    })
  return {
    pid: child.pid!,
    stdin: child.stdin,
    ended,
    stdout,
    stderr,
    until,
    kill: (signal) => void child.kill(signal),
  }
}

/** Runs `evplat ARGS` to its end. */
export function evplat(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { stdin, ended } = startEvplat(args, options)
  stdin.end(options.input ?? '')
  return ended
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evplat-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
