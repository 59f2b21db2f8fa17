// Programs of this clone as processes of their own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL(/bundled/.test(import.meta.url) ? '../../../../../' : '../../../', import.meta.url))

let builds = 0

export interface Program {
  readonly child: ChildProcess
  /** all that it has printed */
  readonly log: () => string
}

/** Bundles a program, a path from the root; returns its file. It stays below the root, where its packages are found. */
export async function buildProgram(entry: string): Promise<string> {
  const outfile = join(root, '.cache/bundled', `${basename(entry, '.ts')}-${process.pid}-${builds++}.mjs`)
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
  return outfile
}

export function startProgram(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()))
  return { child, log: () => log }
}

/** Sends the signal; the exit code, or the name of the signal that ended it, or `late`. */
export async function endProgram({ child }: Program, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode ?? 'late'
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>
  child.kill(signal)
  const [code, by] = await Promise.race([exited, sleep(35_000, ['late', null] as const, { ref: false })])
  return code ?? by ?? 'late'
}
