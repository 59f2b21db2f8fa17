// What an author writes under `listeners`, as what listeners are run by.
import type {
  BatchItem,
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

const usualBatch = { max: 500, waitMs: 0 }

/** Events have the types of their topics: their decoder follows the same schemas that the types were written from. */
export function definitionsOf<T extends Topics>(
  listeners: Listeners<T>,
  parts: DefinitionParts<T>,
): readonly ListenerDefinition[] {
  return (Object.keys(listeners) as Name<T>[]).flatMap((topic) => {
    const written: Handler<T, Name<T>> | ListenerOptions<T, Name<T>> | undefined = listeners[topic]
    if (written === undefined) return []
    return [definitionOf(topic, typeof written === 'function' ? { handle: written } : written, parts)]
  })
}

function definitionOf<T extends Topics>(
  topic: Name<T>,
  options: ListenerOptions<T, Name<T>>,
  { logOf, producer }: DefinitionParts<T>,
): ListenerDefinition {
  const log = logOf(topic)
  const given = (event: unknown, handed: Handed): BatchItem<T, Name<T>> => ({
    event: event as ValueOf<T[Name<T>]>,
    delivery: new Delivered<T>(topic, handed, log, producer),
  })
  const { filter, startFrom, notRetryable } = options
  const common = {
    topic,
    ...(filter && {
      filter: (untyped: unknown, handed: Handed) => {
        const { event, delivery } = given(untyped, handed)
        return filter(event, delivery)
      },
    }),
    ...(startFrom !== undefined && { startFrom }),
    ...(notRetryable && { notRetryable }),
  }
  if (options.handle) {
    const { handle, concurrency } = options
    const handleOne = (untyped: unknown, handed: Handed): unknown => {
      const { event, delivery } = given(untyped, handed)
      return handle(event, delivery)
    }
    return { ...common, handle: handleOne, ...(concurrency && { concurrency }) }
  }
  const { handleBatch, batch } = options
  return {
    ...common,
    batch: {
      ...usualBatch,
      ...batch,
      handle: (items, { failed, signal }) =>
        handleBatch(
          items.map(({ event, handed }) => given(event, handed)),
          { failed, signal, log, producer },
        ),
    },
  }
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
