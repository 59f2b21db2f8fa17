// What spans say of records: of one that is handled by itself, and of those of a batch.
import { type Attributes, type Link, SpanKind, trace } from '@opentelemetry/api'
import type { Headers } from '../../kafka/driver/port.ts'
import { shortKey } from '../logging/short-key.ts'
import { type Carrier, callersContext } from './scopes.ts'
import type { Work } from './spans.ts'

export interface TracedDelivery {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly group: string
  readonly key: unknown
  readonly headers: Headers
}

/** At least one record of a partition; as listeners have them, so that nothing is made of them where nobody records spans. */
export interface TracedBatch {
  readonly group: string
  readonly items: readonly { readonly handed: Omit<TracedDelivery, 'group'> }[]
}

/** Names are those of the semantic conventions. */
export function messaging(operation: 'send' | 'process', topic: string): Attributes {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': topic,
  }
}

export function deliveryCarrier(headers: Headers): Carrier {
  return {
    names: () => headers.map(([name]) => name),
    get: (name) => headers.findLast(([each]) => each === name)?.[1]?.toString(),
  }
}

export function deliveryWork({ topic, partition, offset, group, key, headers }: TracedDelivery): Work {
  const text = shortKey(key)
  return {
    name: `process ${topic}`,
    kind: SpanKind.CONSUMER,
    attributes: {
      ...messaging('process', topic),
      'messaging.destination.partition.id': String(partition),
      'messaging.kafka.offset': offset,
      'messaging.consumer.group.name': group,
      ...(text !== undefined && { 'messaging.kafka.message.key': text }),
    },
    carrier: deliveryCarrier(headers),
    fields: { topic, partition, offset, key: text },
  }
}

/** Its records may come from as many traces: it is in none of them. */
const noCarrier: Carrier = { names: () => [], get: () => undefined }

export function batchWork(batch: TracedBatch): Work {
  const { group, items } = batch
  const { topic, partition } = items[0]!.handed
  return {
    name: `process ${topic}`,
    kind: SpanKind.CONSUMER,
    attributes: {
      ...messaging('process', topic),
      'messaging.destination.partition.id': String(partition),
      'messaging.batch.message_count': items.length,
      'messaging.consumer.group.name': group,
    },
    carrier: noCarrier,
    links: items.flatMap(({ handed }) => linkOf(handed)),
    fields: batchFields(batch),
  }
}

function linkOf({ headers, offset }: Omit<TracedDelivery, 'group'>): Link[] {
  const context = trace.getSpanContext(callersContext(deliveryCarrier(headers)))
  return context === undefined ? [] : [{ context, attributes: { 'messaging.kafka.offset': offset } }]
}

/** On the lines that its handler logs. */
export function batchFields({ items }: TracedBatch): object {
  const { topic, partition, offset } = items[0]!.handed
  return { topic, partition, offset, records: items.length }
}
