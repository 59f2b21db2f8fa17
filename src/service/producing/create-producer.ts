// `producer.send`: an event to bytes and headers, and where it stands when the brokers have acknowledged it.
import { didYouMean } from '../../core/did-you-mean.ts'
import { EvplatError } from '../../core/errors.ts'
import type { DeclaredService, Producer, SendOptions, Sent, Topics } from '../definition.ts'
import type { DriverProducer } from '../../kafka/driver/port.ts'
import type { Values } from '../values/values.ts'
import { eventHeaders } from './cloud-event-headers.ts'
import { uuidV7 } from './uuid-v7.ts'

export interface ProducerParts<T extends Topics> {
  readonly service: DeclaredService
  readonly topics: T
}

/**
 * Sends what the topic's schema takes. `send` throws `usage` for a topic that the service does not produce, what `values.encode`
 * throws, and what the driver rejects with.
 */
export function createProducer<T extends Topics>(
  values: Values,
  driver: DriverProducer,
  parts: ProducerParts<T>,
): Producer<T> {
  const { service, topics } = parts
  const headersOf = new Map(
    Object.entries(topics).map(([topic, { value: format }]) => [
      topic,
      eventHeaders({ service: service.name, topic, format }),
    ]),
  )
  const send = async (name: string, event: unknown, options: SendOptions<unknown> = {}): Promise<Sent> => {
    const topic = Object.hasOwn(topics, name) ? topics[name] : undefined
    if (!topic?.produced) throw notProduced(service, topics, name)
    const { key, value } = await values.encode(name, event, options.key ?? null)
    const id = options.id ?? options.headers?.['ce_id'] ?? uuidV7()
    const facts = { id, isTombstone: value === null }
    const headers = headersOf.get(name)!(facts, options.headers)
    const record = { topic: name, key, value, headers }
    const placed = await driver.send(
      options.partition === undefined ? record : { ...record, partition: options.partition },
    )
    const { partition, offset, timestamp } = placed
    return { topic: name, partition, offset, timestamp: new Date(timestamp).toISOString(), id }
  }
  return { send }
}

function notProduced(service: DeclaredService, topics: Topics, name: string): EvplatError {
  const produced = Object.keys(topics).filter((each) => topics[each]!.produced)
  return new EvplatError('usage', `service "${service.name}" does not produce "${name}"`, {
    hint: didYouMean(name, produced) || 'add it to `produces` of the service in platform.yaml, then run `evplat types`',
  })
}
