// Instances of the service as real processes.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { freePort } from '../../support/strangers.ts'

const root = fileURLToPath(new URL(/bundled/.test(import.meta.url) ? '../../../../../' : '../../../', import.meta.url))

export interface Instance {
  readonly child: ChildProcess
  readonly url: string
  readonly log: () => string
}

/** Bundles the service; returns its file. It stays below the root, where its packages are found. */
export async function buildSubject(): Promise<string> {
  const outfile = join(root, `.cache/bundled/subject-${process.pid}.mjs`)
  await build({
    absWorkingDir: root,
    entryPoints: ['test/service/long/subject.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
  return outfile
}

export async function startInstance(subject: string, env: Readonly<Record<string, string>>): Promise<Instance> {
  const port = await freePort()
  const settings = { SERVER_PORT: `${port}`, LOGGING_FORMAT: 'json', LISTENER_SESSION: '6s', ...env }
  const child = spawn(process.execPath, [subject], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()))
  return { child, url: `http://127.0.0.1:${port}`, log: () => log }
}

/** Until readiness says yes; throws with the log where it does not in time. */
export async function untilReady({ child, url, log }: Instance, timeoutMs = 20_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(100)) {
    if (child.exitCode !== null) break
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    if (answer?.ok) return
  }
  throw new Error(`the service is not ready:\n${log()}`)
}

/** Sends the signal; the exit code, or the name of the signal that ended it, or `late`. */
export async function endInstance({ child }: Instance, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode ?? 'late'
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>
  child.kill(signal)
  const [code, by] = await Promise.race([exited, sleep(35_000, ['late', null] as const, { ref: false })])
  return code ?? by ?? 'late'
}
