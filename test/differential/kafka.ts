// A real Kafka 3.9 (KRaft, one node) as a target.
import { startSingleKafka } from '../support/single-kafka.ts'
import type { RunningTarget } from './embedded.ts'

/** What both brokers are started with, as far as answers tell it. */
export const recordedConfigs: Readonly<Record<string, string>> = {
  'node.id': '1',
  'group.initial.rebalance.delay.ms': '0',
}

/** Starts it; throws what is missing. `close` stops it and removes its data. */
export async function startKafkaTarget(): Promise<RunningTarget> {
  const kafka = await startSingleKafka({
    javaOptions: ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    configs: {
      ...recordedConfigs,
      'transaction.state.log.replication.factor': '1',
      'transaction.state.log.min.isr': '1',
      'log.cleaner.dedupe.buffer.size': '8388608',
      // scenarios write records of a fixed time: they would be taken for old and be deleted
      'log.initial.task.delay.ms': '86400000',
    },
  })
  return { host: '127.0.0.1', port: kafka.port, settlesWithinMs: 400, close: () => kafka.close() }
}
