// What an author writes under `listeners`, as what listeners are run by.
import type {
  Delivery,
  Handler,
  KeyOf,
  ListenerOptions,
  Listeners,
  Log,
  Producer,
  Topics,
  ValueOf,
} from '../definition.ts'
import type { Handed, ListenerDefinition } from './words.ts'

export interface DefinitionParts<T extends Topics> {
  /** the log of a topic's listener */
  readonly logOf: (topic: string) => Log
  readonly producer: Producer<T>
}

type Name<T> = string & keyof T

/** Events have the types of their topics: their decoder follows the same schemas that the types were written from. */
export function definitionsOf<T extends Topics>(
  listeners: Listeners<T>,
  { logOf, producer }: DefinitionParts<T>,
): readonly ListenerDefinition[] {
  return (Object.keys(listeners) as Name<T>[]).flatMap((topic) => {
    const written: Handler<T, Name<T>> | ListenerOptions<T, Name<T>> | undefined = listeners[topic]
    if (written === undefined) return []
    const options = typeof written === 'function' ? { handle: written } : written
    const { handle, filter, concurrency, startFrom, notRetryable } = options
    const log = logOf(topic)
    const given = (handed: Handed): Delivery<T, Name<T>> => new Delivered<T>(topic, handed, log, producer)
    return [
      {
        topic,
        handle: (event, handed) => handle(event as ValueOf<T[Name<T>]>, given(handed)),
        ...(filter && { filter: (event, handed) => filter(event as ValueOf<T[Name<T>]>, given(handed)) }),
        ...(concurrency && { concurrency }),
        ...(startFrom !== undefined && { startFrom }),
        ...(notRetryable && { notRetryable }),
      } satisfies ListenerDefinition,
    ]
  })
}

/** What few handlers look at is worked out when one does. */
class Delivered<T extends Topics> implements Delivery<T, Name<T>> {
  readonly topic: Name<T>
  readonly partition: number
  readonly offset: number
  readonly key: KeyOf<T[Name<T>]> | null
  readonly attempt: number
  readonly signal: AbortSignal
  readonly log: Log
  readonly producer: Producer<T>
  private readonly handed: Handed

  constructor(topic: Name<T>, handed: Handed, log: Log, producer: Producer<T>) {
    this.topic = topic
    this.partition = handed.partition
    this.offset = handed.offset
    this.key = (handed.key ?? null) as KeyOf<T[Name<T>]> | null
    this.attempt = handed.attempt
    this.signal = handed.signal
    this.log = log
    this.producer = producer
    this.handed = handed
  }

  get timestamp(): string {
    return new Date(this.handed.timestamp).toISOString()
  }

  get headers(): ReadonlyMap<string, Buffer | null> {
    return new Map(this.handed.headers)
  }

  get id(): string {
    const told = this.handed.headers.findLast(([name]) => name === 'ce_id')?.[1]
    return told && told.length > 0 ? told.toString('utf8') : `${this.topic}-${this.partition}-${this.offset}`
  }
}
