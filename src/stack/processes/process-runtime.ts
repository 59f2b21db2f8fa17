// The runtimes whose servers are processes of this machine: native and embedded.
import { EvplatError } from '../../core/errors.ts'
import { requireServers } from '../desired/choose-servers.ts'
import { followLogs, readLogs, serversWithLogs } from '../logs.ts'
import { settingsFor } from '../desired/describe.ts'
import { layoutOf } from '../layout.ts'
import type { RuntimeChoice, RuntimeName } from '../runtime.ts'
import { type ServerRecord, openStackFile, readStackFile } from '../stack-file.ts'
import type { RestartOptions, StackPlace, StackRuntime } from '../stack-runtime.ts'
import { type StackStatus, declaredStatus, publishStatus } from '../status.ts'
import { down, readStackData } from './down.ts'
import { withStackLock } from './options.ts'
import { readStatus } from './read-status.ts'
import { stopServers } from './stop.ts'
import { up } from './up.ts'

async function statusOf(runtime: RuntimeName, { folder, record, settings }: StackPlace): Promise<StackStatus> {
  if (record) return publishStatus(record.runtime, await readStatus(layoutOf(folder), record))
  return declaredStatus(runtime, settingsFor(runtime, settings!))
}

/** Stops what runs of the servers; then whatever of the stack does not run is started, as `up` does. */
async function restart(runtime: RuntimeName, options: RestartOptions): Promise<StackStatus> {
  const { record, servers, signal, say, progress } = options
  const layout = layoutOf(options.folder)
  if (!record)
    throw new EvplatError('stack-missing', 'the stack has not been started', { hint: 'start it with `evplat up`' })
  await withStackLock(layout, options, async () => {
    const names = new Set(requireServers(record.servers, servers))
    const isHost = ({ name }: ServerRecord): boolean =>
      record.servers.some((one) => one.host === name && names.has(one.name))
    const file = openStackFile(layout, (await readStackFile(layout)) ?? record)
    await stopServers(file, (server) => names.has(server.name) || isHost(server), { layout, signal, say, progress })
  })
  const choice: RuntimeChoice = { runtime, by: 'memory' }
  return up({ ...options, choice, servers: [], pull: 'missing', removeOrphans: false })
}

/** The runtime of that name. */
export function processRuntime(runtime: Exclude<RuntimeName, 'docker'>): StackRuntime {
  return {
    up,
    down,
    restart: (options) => restart(runtime, options),
    readStatus: (place) => statusOf(runtime, place),
    readData: ({ folder }) => readStackData(folder),
    serversWithLogs: ({ folder }, wanted) => serversWithLogs(folder, wanted),
    readLogs: ({ folder }, servers, count) => readLogs(folder, servers, count),
    followLogs: ({ folder, signal }, servers, count) => followLogs(folder, servers, count, signal),
  }
}
