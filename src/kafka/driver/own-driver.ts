// The driver of our own: group membership, fetches and writes over src/protocol.
import type { ConsumeOptions, ConsumerSink, DriverConsumer } from './port.ts'
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { OwnConsumer } from './own-consumer.ts'

export const ownDriver = {
  name: 'evplat',
  consume: (settings: ClusterSettings, options: ConsumeOptions, sink: ConsumerSink): DriverConsumer =>
    new OwnConsumer(settings, options, sink),
}
