// A Kafka broker and a Schema Registry in this process. Published as `evplat/embedded`, its types by hand in types/embedded.d.ts.
import type { Fault } from '../../broker/faults/faults.ts'
import { type FaultRule, parseFaultRule } from '../../broker/faults/rule.ts'
import { apiNames } from '../../broker/handlers.ts'
import type { EmbeddedOptions } from './options.ts'
import { startParts } from './parts.ts'

export interface EmbeddedFaults {
  /** Adds a rule. Throws `fault-invalid`. */
  add(rule: FaultRule): Fault
  list(): readonly Fault[]
  remove(id: string): boolean
  clear(): void
}

export interface Embedded {
  /** `127.0.0.1:PORT` */
  readonly bootstrap: string
  /** `http://127.0.0.1:PORT` */
  readonly registryUrl: string
  readonly faults: EmbeddedFaults
  /** Writes down what there is, and frees ports and data. */
  close(): Promise<void>
}

/**
 * Starts a broker and a registry for tests. They listen on this machine alone, and are nothing that production should run on.
 * Throws `port-taken`, `data-locked`, `file-unusable`, `loopback-only`, `usage`, and `broker-refused` for configs that can't be.
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<Embedded> {
  const parts = await startParts(options)
  const { bootstrap, faults } = parts.broker
  return {
    bootstrap,
    registryUrl: parts.registryUrl,
    faults: {
      add: (rule) => faults.add(parseFaultRule(rule, apiNames)),
      list: () => faults.list(),
      remove: (id) => faults.remove(id),
      clear: () => faults.clear(),
    },
    close: () => parts.close(),
  }
}
