// The driver of our own: group membership, fetches and writes over src/protocol.
import { OwnConsumer } from './own-consumer.ts'
import { OwnProducer } from './own-producer.ts'
import type { KafkaDriver } from './port.ts'
import { Cluster } from '../cluster.ts'
import { offsetsAt } from './start-offsets.ts'

export const ownDriver: KafkaDriver = {
  name: 'evplat',
  consume: (settings, options, sink) => new OwnConsumer(settings, options, sink),
  offsetsAt: async (settings, partitions, at) => {
    const cluster = await Cluster.connect(settings)
    try {
      return await offsetsAt(cluster, partitions, at)
    } finally {
      cluster.close()
    }
  },
  produce: (settings, options) => new OwnProducer(settings, options),
}
