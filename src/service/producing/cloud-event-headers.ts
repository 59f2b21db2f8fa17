// What a record tells of itself: CloudEvents 1.0, Kafka protocol binding 3.2 (binary content mode), and W3C trace context.
import { isJsonObject } from '../../core/json.ts'
import type { TopicFormat } from '../definition.ts'
import type { Headers } from '../../kafka/driver/port.ts'

export interface EventFacts {
  readonly id: string
  readonly service: string
  readonly topic: string
  readonly format: TopicFormat
  readonly isTombstone: boolean
  readonly traceparent?: string | undefined
}

const contentTypes = {
  avro: 'application/avro',
  json: 'application/json',
  string: 'text/plain; charset=utf-8',
  bytes: 'application/octet-stream',
} as const

/** The headers of an event; those that the sender names itself take the place of ours. */
export function eventHeaders(facts: EventFacts, own: Readonly<Record<string, string>> = {}): Headers {
  const all: Record<string, string | undefined> = {
    ce_specversion: '1.0',
    ce_source: `/services/${encodeURIComponent(facts.service)}`,
    ce_type: eventType(facts),
    'content-type': facts.isTombstone ? undefined : contentTypes[facts.format.kind],
    traceparent: facts.traceparent,
    ...own,
    ce_id: facts.id,
  }
  return Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Buffer.from(value)] as const],
  )
}

/** The full name of an Avro type, else the topic. */
function eventType({ format, topic }: EventFacts): string {
  if (format.kind !== 'avro' || !isJsonObject(format.schema)) return topic
  const { name, namespace } = format.schema
  if (typeof name !== 'string') return topic
  return typeof namespace === 'string' && namespace !== '' && !name.includes('.') ? `${namespace}.${name}` : name
}
