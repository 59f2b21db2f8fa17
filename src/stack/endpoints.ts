// Where the stack of this machine is reached, for every command that works on the environment `local`.
import { EvplatError } from '../core/errors.ts'
import type { StackSettings } from '../platform/platform.ts'
import { embeddedKafka } from './desired/embedded.ts'
import { layoutOf } from './layout.ts'
import { expectedRuntime, rememberedRuntime } from './runtime.ts'
import { readStackFile } from './stack-file.ts'
import { notesOn } from './status.ts'

export interface LocalEndpoints {
  /** `127.0.0.1:9092`, one for each broker */
  readonly bootstrap: readonly string[]
  /** `http://127.0.0.1:8081` */
  readonly registryUrl: string
  /** whether the stack was asked or the ports of platform.yaml are taken at their word */
  readonly source: 'stack' | 'ports'
  /** what the runtime does otherwise than platform.yaml says; a line each */
  readonly notes: readonly string[]
}

/**
 * The endpoints of the stack of the platform in `folder` (absolute): those that it was started with, else those that its ports
 * promise. Throws `stack-missing` when there was no start yet and a port may be any.
 */
export async function findLocalEndpoints(folder: string, stack: StackSettings): Promise<LocalEndpoints> {
  const layout = layoutOf(folder)
  const record = await readStackFile(layout)
  const runtime = expectedRuntime(record?.runtime ?? stack.runtime, await rememberedRuntime(layout, record))
  const notes = runtime === undefined ? [] : notesOn(runtime, stack)
  if (record) return { ...endpointsAt(record.ports.brokers, record.ports.registry), source: 'stack', notes }
  const { kafka, registry } = stack.ports
  if (kafka === 'auto' || registry === 'auto')
    throw new EvplatError('stack-missing', 'the stack has not been started, so its ports are not known', {
      hint: 'start it with `evplat up`, or name its ports in platform.yaml',
    })
  // where nobody has decided what it runs on, the first broker is there in any case, and knows the others
  const { brokers: count } = runtime === undefined || runtime === 'embedded' ? embeddedKafka : stack.kafka
  const brokers = Array.from({ length: count }, (_, i) => kafka + i)
  return { ...endpointsAt(brokers, registry), source: 'ports', notes }
}

function endpointsAt(brokers: readonly number[], registry: number): Pick<LocalEndpoints, 'bootstrap' | 'registryUrl'> {
  return { bootstrap: brokers.map((port) => `127.0.0.1:${port}`), registryUrl: `http://127.0.0.1:${registry}` }
}
