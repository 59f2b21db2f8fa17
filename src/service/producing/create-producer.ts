// `producer.send`: an event to bytes and headers, and where it stands when the brokers have acknowledged it.
import { didYouMean } from '../../core/did-you-mean.ts'
import { EvplatError } from '../../core/errors.ts'
import { isPromise } from '../../core/is-promise.ts'
import type { DeclaredService, Producer, SendOptions, Sent, Topics } from '../definition.ts'
import type { DriverProducer } from '../../kafka/driver/port.ts'
import type { Encoded, Values } from '../values/values.ts'
import { eventHeaders } from './cloud-event-headers.ts'
import { uuidV7 } from './uuid-v7.ts'

/** What is told of each event: the brokers have it, or it was not sent. */
export interface SendCounts {
  sent(topic: string): void
  failed(topic: string, thrown: unknown): void
}

export interface ProducerParts<T extends Topics> {
  readonly service: DeclaredService
  readonly topics: T
  readonly counts?: SendCounts
}

const uncounted: SendCounts = { sent: () => undefined, failed: () => undefined }

/**
 * Sends what the topic's schema takes. `send` throws `usage` for a topic that the service does not produce, what `values.encode`
 * throws, and what the driver rejects with.
 */
export function createProducer<T extends Topics>(
  values: Values,
  driver: DriverProducer,
  parts: ProducerParts<T>,
): Producer<T> {
  const { service, topics, counts = uncounted } = parts
  const headersOf = new Map(
    Object.entries(topics).map(([topic, { value: format }]) => [
      topic,
      eventHeaders({ service: service.name, topic, format }),
    ]),
  )
  const isoTime = isoTimes()
  const failed = (name: string, thrown: unknown): never => {
    counts.failed(name, thrown)
    throw thrown
  }
  const write = (name: string, { key, value }: Encoded, options: SendOptions<unknown>): Promise<Sent> => {
    const id = options.id ?? options.headers?.['ce_id'] ?? uuidV7()
    const { headers: own, partition } = options
    const headers = headersOf.get(name)!({ id, isTombstone: value === null }, own)
    const record = { topic: name, key, value, headers }
    return driver.send(partition === undefined ? record : { ...record, partition }).then(
      ({ topic, partition: at, offset, timestamp }) => {
        counts.sent(name)
        return { topic, partition: at, offset, timestamp: isoTime(timestamp), id }
      },
      (thrown: unknown) => failed(name, thrown),
    )
  }
  // each promise costs as much as the bytes of a small event: what is there at once is not waited for
  const send = (name: string, event: unknown, options: SendOptions<unknown> = {}): Promise<Sent> => {
    try {
      const topic = Object.hasOwn(topics, name) ? topics[name] : undefined
      if (!topic?.produced) throw notProduced(service, topics, name)
      const encoded = values.encode(name, event, options.key ?? null)
      if (!isPromise(encoded)) return write(name, encoded, options)
      return encoded.then(
        (known) => write(name, known, options),
        (thrown: unknown) => failed(name, thrown),
      )
    } catch (thrown) {
      counts.failed(name, thrown)
      return Promise.reject(thrown as Error)
    }
  }
  return { send }
}

/** ISO 8601 of a time in milliseconds since 1970. Many events of a batch have the same. */
function isoTimes(): (time: number) => string {
  let [last, text] = [Number.NaN, '']
  return (time) => {
    if (time !== last) [last, text] = [time, new Date(time).toISOString()]
    return text
  }
}

function notProduced(service: DeclaredService, topics: Topics, name: string): EvplatError {
  const produced = Object.keys(topics).filter((each) => topics[each]!.produced)
  return new EvplatError('usage', `service "${service.name}" does not produce "${name}"`, {
    hint: didYouMean(name, produced) || 'add it to `produces` of the service in platform.yaml, then run `evplat types`',
  })
}
