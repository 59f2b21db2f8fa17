// A Kafka broker and a Schema Registry in this process. Published as `evplat/embedded`.
import { EvplatError } from '../../core/errors.ts'
import { systemClock } from '../../broker/clock.ts'
import { createOwnLog } from '../../broker/own-log.ts'
import type { Fault } from '../../broker/faults/faults.ts'
import { type FaultRule, parseFaultRule } from '../../broker/faults/rule.ts'
import { apiNames } from '../../broker/handlers.ts'
import { type RunningBroker, startBroker } from '../../broker/start.ts'
import { diskFiles } from '../../broker/storage/disk-files.ts'
import { memoryFiles } from '../../broker/storage/memory-files.ts'
import type { Durability } from '../../broker/storage/store.ts'
import { startRegistryServer } from '../../registry-server/start.ts'

export interface EmbeddedOptions {
  /** the folder that keeps the data, absolute; left out, nothing outlives the process */
  readonly data?: string
  /** when a write counts: `process` survives the death of this process, `disk` a power loss, too. `process` by default, with `data` */
  readonly durability?: Exclude<Durability, 'memory'>
  /** ports on 127.0.0.1; left out or 0, free ones */
  readonly ports?: { readonly kafka?: number; readonly registry?: number }
  /** broker configs by their names in Kafka, `{ 'num.partitions': '3' }` */
  readonly configs?: Readonly<Record<string, string>>
  /** hears of what is a bug of evplat, and of what had to be cut out of damaged files */
  readonly onTrouble?: (message: string) => void
}

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

const schemasTopic = '_schemas'

/** The partition that the registry keeps its schemas in. Throws `registry-topic-unusable` where there is another topic of that name. */
function openSchemas({ broker }: RunningBroker): ReturnType<typeof createOwnLog> {
  const { topics, clock } = broker
  if (!topics.get(schemasTopic)) {
    const configs = [{ name: 'cleanup.policy', value: 'compact' }]
    const created = topics.create({ name: schemasTopic, partitions: 1, replicationFactor: 1, assignments: [], configs })
    if ('error' in created)
      throw new EvplatError('broker-refused', `no topic "${schemasTopic}"`, { said: created.message ?? created.error })
  }
  const { partitions, config } = topics.get(schemasTopic)!
  if (partitions.length !== 1 || !config['cleanup.policy'].compact)
    throw new EvplatError('registry-topic-unusable', `topic "${schemasTopic}" is not one compacted partition`, {
      hint: 'delete it, and start again',
    })
  return createOwnLog(partitions[0]!, clock)
}

/** The running broker and registry, for those who need more of them than users do. */
export interface EmbeddedParts {
  readonly broker: RunningBroker
  readonly registryUrl: string
  close(): Promise<void>
}

/** Starts both; the registry with what its topic holds. Throws `port-taken`, `data-locked`, `file-unusable`. */
export async function startParts(options: EmbeddedOptions): Promise<EmbeddedParts> {
  const { data, durability = 'process', ports = {}, configs = {}, onTrouble = () => undefined } = options
  const onBug = (thrown: unknown): void =>
    onTrouble(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  const broker = await startBroker({
    files: data === undefined ? memoryFiles() : diskFiles(data),
    durability: data === undefined ? 'memory' : durability,
    port: ports.kafka ?? 0,
    configs,
    clock: systemClock,
    onBug,
    onCut: onTrouble,
  })
  try {
    const registry = await startRegistryServer({
      log: openSchemas(broker),
      port: ports.registry ?? 0,
      clusterId: broker.broker.clusterId,
      onBug,
    })
    return {
      broker,
      registryUrl: registry.url,
      close: async () => {
        await registry.close()
        await broker.close()
      },
    }
  } catch (thrown) {
    await broker.close()
    throw thrown
  }
}

/**
 * Starts a broker and a registry for tests. They listen on this machine alone, and are nothing that production should run on.
 * Throws `port-taken`, `data-locked`, `file-unusable`.
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
