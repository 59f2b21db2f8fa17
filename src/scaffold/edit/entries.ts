// What the commands add to platform.yaml: topics, services, and topics that a service reads.
import { type NotEditable, addEntry, addItem, scalar } from './insert.ts'

export interface NewTopic {
  readonly partitions?: number
  readonly value?: { readonly kind: 'string' | 'json' | 'bytes' } | { readonly schema: string }
}

export interface NewServiceEntry {
  readonly port?: number
  readonly produces: readonly string[]
  readonly consumes: readonly string[]
}

function braces(fields: readonly (string | undefined)[]): string {
  const given = fields.filter((field) => field !== undefined)
  return given.length === 0 ? '{}' : `{ ${given.join(', ')} }`
}

/** The text of platform.yaml with one more topic. */
export function addTopic(text: string, name: string, { partitions, value }: NewTopic): string | NotEditable {
  const format = value && ('kind' in value ? value.kind : `{ schema: ${scalar(value.schema)} }`)
  const fields = [partitions === undefined ? undefined : `partitions: ${partitions}`, format && `value: ${format}`]
  return addEntry(text, ['topics', name], braces(fields))
}

/** The text of platform.yaml with one more service. */
export function addService(text: string, name: string, service: NewServiceEntry): string | NotEditable {
  const list = (key: 'produces' | 'consumes'): string | undefined =>
    service[key].length === 0 ? undefined : `${key}: [${service[key].map(scalar).join(', ')}]`
  const port = service.port === undefined ? undefined : `port: ${service.port}`
  return addEntry(text, ['services', name], braces([port, list('produces'), list('consumes')]))
}

/** The text of platform.yaml with one more topic that a declared service reads. */
export function addConsumed(text: string, service: string, topic: string): string | NotEditable {
  return addItem(text, ['services', service, 'consumes'], scalar(topic))
}
