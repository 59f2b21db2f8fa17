// The embedded broker as a target, with the facts of the Kafka that the answers were recorded from.
import { type RunningBroker, startBroker } from '../../src/broker/start.ts'
import { memoryFiles } from '../../src/broker/storage/memory-files.ts'
import { recordedConfigs } from './kafka.ts'
import type { Target } from './play.ts'

export interface RunningTarget extends Target {
  close(): Promise<void>
}

/** `onBug` hears of what is a bug of ours. */
export async function startEmbeddedTarget(onBug: (thrown: unknown) => void): Promise<RunningTarget> {
  const broker: RunningBroker = await startBroker({
    files: memoryFiles(),
    durability: 'memory',
    port: 0,
    configs: recordedConfigs,
    onBug,
  })
  return { host: '127.0.0.1', port: broker.port, settlesWithinMs: 0, close: () => broker.close() }
}
