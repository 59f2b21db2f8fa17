// Programs of this bench, bundled as a user's build would do it, and started one at a time.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { freePort } from '../../test/support/free-port.ts'

const folder = '.cache/bundled/bench/service'

/** Bundles programs of bench/service; what comes from packages stays outside. */
export async function bundle(names: readonly string[]): Promise<void> {
  await build({
    entryPoints: names.map((name) => `bench/service/${name}.ts`),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
}

export const fileOf = (name: string): string => `${folder}/${name}.mjs`

export interface Running {
  readonly url: string
  readonly pid: number
  /** milliseconds from the start of its process to the first healthy answer */
  readonly readyMs: number
  stop(): Promise<void>
}

/** Starts a service and waits until its health is fine. Throws where it ends, or takes longer than a minute. */
export async function start(command: readonly string[], environment: Record<string, string>): Promise<Running> {
  const port = String(await freePort())
  const began = performance.now()
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PORT: port, SERVER_PORT: port, NODE_ENV: 'production', ...environment },
  })
  const url = `http://127.0.0.1:${port}`
  try {
    await untilHealthy(child, url, began + 60_000)
  } catch (thrown) {
    child.kill('SIGKILL')
    throw thrown
  }
  const stop = async (): Promise<void> => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await ended
    clearTimeout(timer)
  }
  return { url, pid: child.pid!, readyMs: performance.now() - began, stop }
}

async function untilHealthy(child: ChildProcess, url: string, deadline: number): Promise<void> {
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`)
    const isHealthy = await fetch(`${url}/actuator/health`).then(
      ({ status }) => status === 200,
      () => false,
    )
    if (isHealthy) return
    await sleep(10)
  }
  throw new Error('the service was not healthy within a minute')
}
