// The embedded broker as a target, with the facts of the Kafka that the answers were recorded from.
import { systemClock } from '../../src/broker/clock.ts'
import { type RunningBroker, startBroker } from '../../src/broker/start.ts'
import { memoryFiles } from '../../src/broker/storage/memory-files.ts'
import { someTime } from './data-requests.ts'
import { recordedConfigs } from './kafka.ts'
import type { Target } from './play.ts'

export interface RunningTarget extends Target {
  close(): Promise<void>
}

/** A day after the time of the scenarios' records: they are not too old to be kept. */
const dayMs = 86_400_000

/** `onBug` hears of what is a bug of ours. */
export async function startEmbeddedTarget(onBug: (thrown: unknown) => void): Promise<RunningTarget> {
  const began = systemClock.now()
  const now = (): number => someTime + dayMs + systemClock.now() - began
  const broker: RunningBroker = await startBroker({
    files: memoryFiles(),
    durability: 'memory',
    port: 0,
    configs: recordedConfigs,
    clock: { now, after: (ms, work) => systemClock.after(ms, work) },
    onBug,
  })
  return { host: '127.0.0.1', port: broker.port, settlesWithinMs: 0, close: () => broker.close() }
}
