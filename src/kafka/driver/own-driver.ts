// The driver of our own: group membership, fetches and writes over src/protocol.
import { OwnConsumer } from './own-consumer.ts'
import { OwnProducer } from './own-producer.ts'
import type { KafkaDriver } from './port.ts'
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { Cluster } from '../cluster.ts'
import { findLeaders } from '../topic-partitions.ts'
import { offsetsAt } from './start-offsets.ts'

export const ownDriver: KafkaDriver = {
  name: 'evplat',
  consume: (settings, options, sink) => new OwnConsumer(settings, options, sink),
  offsetsAt: (settings, partitions, at) => asking(settings, (cluster) => offsetsAt(cluster, partitions, at)),
  partitionCount: (settings, topic) =>
    asking(settings, async (cluster) => (await findLeaders(cluster, topic)).leaders.length),
  produce: (settings, options) => new OwnProducer(settings, options),
}

async function asking<T>(settings: ClusterSettings, ask: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = await Cluster.connect(settings)
  try {
    return await ask(cluster)
  } finally {
    cluster.close()
  }
}
