// The driver of our own: group membership, fetches and writes over src/protocol.
import { OwnConsumer } from './own-consumer.ts'
import { OwnProducer } from './own-producer.ts'
import type { KafkaDriver } from './port.ts'

export const ownDriver: KafkaDriver = {
  name: 'evplat',
  consume: (settings, options, sink) => new OwnConsumer(settings, options, sink),
  produce: (settings, options) => new OwnProducer(settings, options),
}
