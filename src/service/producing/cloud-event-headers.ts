// What a record tells of itself: CloudEvents 1.0, Kafka protocol binding 3.2 (binary content mode).
import { isJsonObject } from '../../core/json.ts'
import type { TopicFormat } from '../definition.ts'
import type { Headers } from '../../kafka/driver/port.ts'

export interface EventSource {
  readonly service: string
  readonly topic: string
  readonly format: TopicFormat
}

export interface EventFacts {
  readonly id: string
  readonly isTombstone: boolean
}

type Header = Headers[number]

const contentTypes = {
  avro: 'application/avro',
  json: 'application/json',
  string: 'text/plain; charset=utf-8',
  bytes: 'application/octet-stream',
} as const

/**
 * A function that makes the headers of the events of a topic; those that the sender names itself take the place of ours. What is the
 * same in all of them is made once.
 */
export function eventHeaders({
  service,
  topic,
  format,
}: EventSource): (facts: EventFacts, own?: Readonly<Record<string, string>>) => Headers {
  const always = {
    ce_specversion: '1.0',
    ce_source: `/services/${encodeURIComponent(service)}`,
    ce_type: eventType(format, topic),
  }
  const tombstone: readonly Header[] = Object.entries(always).map(([name, value]) => header(name, value))
  const whole: readonly Header[] = [...tombstone, header('content-type', contentTypes[format.kind])]
  return ({ id, isTombstone }, own = {}) => {
    const headers = [...(isTombstone ? tombstone : whole)]
    for (const [name, value] of Object.entries(own)) if (name !== 'ce_id') put(headers, name, value)
    headers.push(header('ce_id', id))
    return headers
  }
}

const header = (name: string, value: string): Header => [name, Buffer.from(value)]

function put(headers: Header[], name: string, value: string): void {
  const place = headers.findIndex(([each]) => each === name)
  if (place < 0) headers.push(header(name, value))
  else headers[place] = header(name, value)
}

/** The full name of an Avro type, else the topic. */
function eventType(format: TopicFormat, topic: string): string {
  if (format.kind !== 'avro' || !isJsonObject(format.schema)) return topic
  const { name, namespace } = format.schema
  if (typeof name !== 'string') return topic
  return typeof namespace === 'string' && namespace !== '' && !name.includes('.') ? `${namespace}.${name}` : name
}
