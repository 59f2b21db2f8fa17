// Where the scenarios run: the embedded broker, which can be taken away and brought back.
import { onTestFinished } from 'vitest'
import { type RunningBroker, startBroker } from '../../../src/broker/start.ts'
import { memoryFiles } from '../../../src/broker/storage/memory-files.ts'
import type { Place } from './world.ts'

const configs = { 'group.min.session.timeout.ms': '500' }

/** Ends with the test. */
export async function embeddedPlace(): Promise<Place> {
  const bugs: unknown[] = []
  const files = memoryFiles()
  const start = (port: number): Promise<RunningBroker> =>
    startBroker({ files, durability: 'memory', port, configs, onBug: (thrown) => void bugs.push(thrown) })
  let broker = await start(0)
  const { port, bootstrap } = broker
  onTestFinished(async () => {
    await broker.close()
    if (bugs.length > 0) throw bugs[0]
  })
  return {
    bootstrap,
    faults: broker.faults,
    away: async () => {
      await broker.close()
      return async () => {
        broker = await start(port)
      }
    },
  }
}
