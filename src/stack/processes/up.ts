// `evplat up` and `evplat restart`: whatever of the stack is not there is started; what is there stays as it is.
import type { StackSettings } from '../../platform/platform.ts'
import { settingsFor } from '../desired/describe.ts'
import { namedServers } from '../desired/choose-servers.ts'
import { type Layout, layoutOf, makeFolders } from '../layout.ts'
import type { RuntimeChoice } from '../runtime.ts'
import { type ServerRecord, openStackFile, readStackFile } from '../stack-file.ts'
import { type ServerStatus, type StackStatus, publishStatus } from '../status.ts'
import { complete, requireSuiting, runningOf } from './complete.ts'
import { requireKnownSystem } from './operating-system.ts'
import { type StackOptions, withStackLock } from './options.ts'
import { stopServers } from './stop.ts'

export interface UpOptions extends StackOptions {
  readonly choice: RuntimeChoice
  readonly settings: StackSettings
  readonly env: Readonly<Record<string, string | undefined>>
  /** the servers to start, with all that they depend on; none means all */
  readonly servers: readonly string[]
}

/**
 * Brings the stack up and answers its state when every server that this machine can give has answered a real request. Rejects with
 * what the user can act on: `usage` for a name that is no server's, `stack-changed`, `runtime-away`, `port-taken`, `data-locked`,
 * `java-missing`, `maven-missing`, `server-away` for one that was asked for by name, `server-failed`, `server-not-ready`, `interrupted`.
 */
export function up(options: UpOptions): Promise<StackStatus> {
  return changeStack(options, complete)
}

/** Stops the servers of these names, all without names, and brings them up again. Rejects as `up` does, and with `server-not-stopped`. */
export function restart(options: UpOptions): Promise<StackStatus> {
  return changeStack(options, async (layout, inner) => {
    await stopNamed(layout, inner)
    return complete(layout, inner)
  })
}

async function changeStack(
  options: UpOptions,
  work: (layout: Layout, options: UpOptions) => Promise<ServerStatus[]>,
): Promise<StackStatus> {
  requireKnownSystem()
  const layout = layoutOf(options.folder)
  const { runtime } = options.choice
  const settings = settingsFor(runtime, options.settings)
  await makeFolders(layout)
  return withStackLock(layout, options, async () =>
    publishStatus(runtime, await work(layout, { ...options, settings })),
  )
}

async function stopNamed(layout: Layout, options: UpOptions): Promise<void> {
  const before = await readStackFile(layout)
  if (!before) return
  // one may have been declared since
  const declared = options.settings.services.map((name): ServerRecord => ({ name, endpoint: '' }))
  const named = namedServers([...before.servers, ...declared], options.servers)
  // nothing is stopped that could not be started again; of a part, beside the others
  const isPart = options.servers.length > 0
  await requireSuiting(layout, before, options, isPart && (await runningOf(before)).size > 0)
  const { signal, say, progress } = options
  const hosts = new Set(named.map(({ name, host = name }) => host))
  const stopped = await stopServers(openStackFile(layout, before), ({ name }) => hosts.has(name), {
    layout,
    signal,
    say,
    progress,
  })
  if (stopped.length > 0) say(`stopped ${stopped.join(', ')}`)
}
