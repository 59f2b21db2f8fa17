// The embedded broker and the registry on its log, as one.
import { resolve } from 'node:path'
import { EvplatError } from '../../core/errors.ts'
import { fileError } from '../../core/file-error.ts'
import { systemClock } from '../../broker/clock.ts'
import { createOwnLog, type OwnLog } from '../../broker/own-log.ts'
import { type RunningBroker, startBroker } from '../../broker/start.ts'
import { diskFiles } from '../../broker/storage/disk-files.ts'
import type { Files } from '../../broker/storage/files.ts'
import { memoryFiles } from '../../broker/storage/memory-files.ts'
import { startRegistryServer } from '../../registry-server/start.ts'
import { type EmbeddedOptions, requireSound } from './options.ts'

const schemasTopic = '_schemas'
/** what clients are told of the folder of data that is in none */
const noFolder = 'memory'

/** The partition that the registry keeps its schemas in. Throws `registry-topic-unusable` where there is another topic of that name. */
async function openSchemas({ broker }: RunningBroker): Promise<OwnLog> {
  const { topics, clock } = broker
  if (!topics.get(schemasTopic)) {
    const configs = [{ name: 'cleanup.policy', value: 'compact' }]
    const created = topics.create({ name: schemasTopic, partitions: 1, replicationFactor: 1, assignments: [], configs })
    if ('error' in created)
      throw new EvplatError('broker-refused', `no topic "${schemasTopic}"`, { said: created.message ?? created.error })
    await created.durable
  }
  const { partitions, config } = topics.get(schemasTopic)!
  if (partitions.length !== 1 || !config['cleanup.policy'].compact)
    throw new EvplatError('registry-topic-unusable', `topic "${schemasTopic}" is not one compacted partition`, {
      hint: 'delete it, and start again',
    })
  return createOwnLog(partitions[0]!, clock)
}

/** What the file system refuses names its path; that of the data is only where it looked first. */
async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw fileError(thrown) ?? thrown
  }
}

/** The running broker and registry, for those who need more of them than users do. */
export interface EmbeddedParts {
  readonly broker: RunningBroker
  readonly registryUrl: string
  close(): Promise<void>
}

/** Starts both; the registry with what its topic holds. Throws `port-taken`, `data-locked`, `file-unusable`, `loopback-only`, `broker-refused`. */
export async function startParts(options: EmbeddedOptions): Promise<EmbeddedParts> {
  requireSound(options)
  const { data, durability = 'process', ports = {}, configs = {}, onTrouble = () => undefined } = options
  const onBug = (thrown: unknown): void =>
    onTrouble(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  const startOn = (files: Files): Promise<RunningBroker> =>
    startBroker({
      files,
      durability: data === undefined ? 'memory' : durability,
      port: ports.kafka ?? 0,
      configs: { ...configs, 'log.dirs': data === undefined ? noFolder : resolve(data) },
      clock: systemClock,
      onBug,
      onCut: onTrouble,
    })
  const broker = await (data === undefined ? startOn(memoryFiles()) : onDisk(() => startOn(diskFiles(data))))
  try {
    const registry = await startRegistryServer({
      log: await onDisk(() => openSchemas(broker)),
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
