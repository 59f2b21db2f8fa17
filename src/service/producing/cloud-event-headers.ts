// What a record tells of itself: CloudEvents 1.0, Kafka protocol binding 3.2 (binary content mode).
import { isJsonObject } from '../../core/json.ts'
import type { TopicFormat } from '../definition.ts'
import type { OutHeaders } from '../../kafka/driver/port.ts'

export interface EventSource {
  readonly service: string
  readonly topic: string
  readonly format: TopicFormat
}

export interface EventFacts {
  readonly id: string
  readonly isTombstone: boolean
}

type Header = OutHeaders[number]

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
}: EventSource): (facts: EventFacts, own?: Readonly<Record<string, string>>) => OutHeaders {
  const always = {
    ce_specversion: '1.0',
    ce_source: `/services/${encodeURIComponent(service)}`,
    ce_type: eventType(format, topic),
  }
  const tombstone: readonly Header[] = Object.entries(always).map(([name, value]) => [name, Buffer.from(value)])
  const whole: readonly Header[] = [...tombstone, ['content-type', Buffer.from(contentTypes[format.kind])]]
  return ({ id, isTombstone }, own) => {
    const headers = [...(isTombstone ? tombstone : whole)]
    if (own !== undefined) for (const name of Object.keys(own)) if (name !== 'ce_id') put(headers, name, own[name]!)
    headers.push(['ce_id', id])
    return headers
  }
}

function put(headers: Header[], name: string, value: string): void {
  const place = headers.findIndex(([each]) => each === name)
  if (place < 0) headers.push([name, value])
  else headers[place] = [name, value]
}

/** The full name of an Avro type, else the topic. */
function eventType(format: TopicFormat, topic: string): string {
  if (format.kind !== 'avro' || !isJsonObject(format.schema)) return topic
  const { name, namespace } = format.schema
  if (typeof name !== 'string') return topic
  return typeof namespace === 'string' && namespace !== '' && !name.includes('.') ? `${namespace}.${name}` : name
}
