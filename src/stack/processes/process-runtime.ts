// The runtimes whose servers are processes of this machine: native and embedded.
import { followLogs, readLogs, serversWithLogs } from '../logs.ts'
import { settingsFor } from '../desired/describe.ts'
import { layoutOf } from '../layout.ts'
import type { RuntimeName } from '../runtime.ts'
import type { StackPlace, StackRuntime } from '../stack-runtime.ts'
import { type StackStatus, declaredStatus, publishStatus } from '../status.ts'
import { down, readStackData } from './down.ts'
import { readStatus } from './read-status.ts'
import { restart, up } from './up.ts'

async function statusOf(runtime: RuntimeName, { folder, record, settings }: StackPlace): Promise<StackStatus> {
  if (record) return publishStatus(record.runtime, await readStatus(layoutOf(folder), record))
  return declaredStatus(runtime, settingsFor(runtime, settings!))
}

/** The runtime of that name. */
export function processRuntime(runtime: Exclude<RuntimeName, 'docker'>): StackRuntime {
  return {
    up,
    down,
    restart: (options) => {
      const by = options.settings.runtime === runtime ? 'declaration' : 'memory'
      return restart({ ...options, choice: { runtime, by } })
    },
    readStatus: (place) => statusOf(runtime, place),
    readData: ({ folder }) => readStackData(folder),
    serversWithLogs: ({ folder }, wanted) => serversWithLogs(folder, wanted),
    readLogs: ({ folder }, servers, count) => readLogs(folder, servers, count),
    followLogs: ({ folder, signal }, servers, count) => followLogs(folder, servers, count, signal),
  }
}
