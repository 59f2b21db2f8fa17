// The producer of a service, counted.
import { EvplatError } from '../../core/errors.ts'
import type { ServiceMetrics } from '../actuator/metrics.ts'
import type { Producer, Topics } from '../definition.ts'

/** Counts what brokers acknowledged, and what they did not, by the code of the error. */
export function countedProducer<T extends Topics>(producer: Producer<T>, metrics: ServiceMetrics): Producer<T> {
  return {
    async send(topic, event, options) {
      try {
        const sent = await producer.send(topic, event, options)
        metrics.sent(topic)
        return sent
      } catch (thrown) {
        metrics.sendFailed(topic, thrown instanceof EvplatError ? thrown.code : 'bad-event')
        throw thrown
      }
    },
  }
}
