// The producer of a service, counted.
import { EvplatError } from '../../core/errors.ts'
import type { ServiceMetrics } from '../actuator/metrics.ts'
import type { Producer, Sent, Topics } from '../definition.ts'

/** Counts what brokers acknowledged, and what they did not, by the code of the error. */
export function countedProducer<T extends Topics>(producer: Producer<T>, metrics: ServiceMetrics): Producer<T> {
  return {
    send: (topic, event, options) =>
      producer.send(topic, event, options).then(
        (sent): Sent => {
          metrics.sent(topic)
          return sent
        },
        (thrown: unknown): never => {
          metrics.sendFailed(topic, thrown instanceof EvplatError ? thrown.code : 'bad-event')
          throw thrown
        },
      ),
  }
}
