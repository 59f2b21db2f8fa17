// Where the scenarios run: brokers that can be taken away and brought back.
import { onTestFinished } from 'vitest'
import { type RunningBroker, startBroker } from '../../../src/broker/start.ts'
import { memoryFiles } from '../../../src/broker/storage/memory-files.ts'
import { startSingleKafka } from '../../support/single-kafka.ts'
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

/** A real Kafka 3.9, for many scenarios; who starts it closes it. */
export async function kafkaPlace(): Promise<Place & { close(): Promise<void> }> {
  const kafka = await startSingleKafka({
    javaOptions: ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    configs: {
      ...configs,
      'offsets.topic.num.partitions': '1',
      'transaction.state.log.num.partitions': '1',
      'transaction.state.log.replication.factor': '1',
      'transaction.state.log.min.isr': '1',
      // scenarios write records of a fixed time: they would be taken for old and be deleted
      'log.initial.task.delay.ms': '86400000',
    },
  })
  return {
    bootstrap: `127.0.0.1:${kafka.port}`,
    // it takes as long as it takes to start again
    away: () => {
      const restarted = kafka.restart()
      return Promise.resolve(() => restarted)
    },
    close: () => kafka.close(),
  }
}
