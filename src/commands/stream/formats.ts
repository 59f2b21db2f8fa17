// How keys and values of a topic are read and written: as platform.yaml declares them, else as the registry knows them.
import { createEncoder } from '../../avro/encode.ts'
import type { Schema } from '../../avro/schema.ts'
import { EvplatError } from '../../core/errors.ts'
import type { Platform, Subject, Topic } from '../../platform/platform.ts'
import { parseRegistered, parsedSchemaById } from '../../registry/parsed-schema.ts'
import type { RegistryClient, SchemaReference } from '../../registry/registry.ts'
import type { WrittenAs } from '../../stream/encode.ts'
import type { JsonForm, SchemaSource } from '../../stream/schema-cache.ts'
import type { ShownAs } from '../../stream/show.ts'

export type Side = 'key' | 'value'

/** The declared topic of a platform. */
export function declaredTopic(platform: Platform | undefined, name: string): Topic | undefined {
  return platform?.topics.find((topic) => topic.name === name)
}

/** How a side is shown; undeclared sides show what they are. */
export function shownAs(topic: Topic | undefined, side: Side): ShownAs {
  return topic?.[side].kind ?? 'auto'
}

/** The schemas of a registry by id, as the stream wants them. */
export function schemaSource(client: RegistryClient): SchemaSource {
  return { byId: (id) => parsedSchemaById(client, id) }
}

/** A schema that values are written with, and the id that goes in front of them. */
export interface WritingSchema {
  readonly schema: Schema
  readonly id: number
}

function notRegistered(subject: string): EvplatError {
  return new EvplatError('schema-not-registered', `the declared schema of subject "${subject}" is not registered`, {
    hint: '`evplat schemas apply` registers it',
  })
}

async function registeredVersion(
  client: RegistryClient,
  platform: Platform,
  subject: Subject,
): Promise<{ id: number; version: number }> {
  const references: SchemaReference[] = []
  for (const { name, subject: other } of subject.references) {
    const referenced = platform.subjects.find((candidate) => candidate.name === other)
    if (!referenced) throw notRegistered(other)
    references.push({ name, subject: other, version: (await registeredVersion(client, platform, referenced)).version })
  }
  const found = await client.lookup(subject.name, { schema: subject.text, references })
  if (!found) throw notRegistered(subject.name)
  return found
}

export interface WritingOptions {
  readonly platform: Platform | undefined
  readonly topic: string
  readonly client: RegistryClient | undefined
}

/** The schema of a side: the declared one, else the latest of `TOPIC-key` or `TOPIC-value`; undefined where there is none. */
export async function writingSchema(
  { platform, topic, client }: WritingOptions,
  side: Side,
): Promise<WritingSchema | undefined> {
  const format = declaredTopic(platform, topic)?.[side]
  if (format && format.kind !== 'avro') return undefined
  if (platform && format) {
    const subject = platform.subjects.find((candidate) => candidate.name === format.subject)!
    if (!client) throw notRegistered(subject.name)
    return { schema: subject.schema, id: (await registeredVersion(client, platform, subject)).id }
  }
  const latest = await client?.version(`${topic}-${side}`, 'latest')
  return latest?.type === 'AVRO' ? { schema: await parseRegistered(client!, latest), id: latest.id } : undefined
}

/** How a side is written. */
export async function writtenAs(options: WritingOptions, side: Side, form: JsonForm): Promise<WrittenAs> {
  const found = await writingSchema(options, side)
  if (found) return { kind: 'avro', schemaId: found.id, encode: createEncoder(found.schema, form) }
  const format = declaredTopic(options.platform, options.topic)?.[side]
  return { kind: format && format.kind !== 'avro' ? format.kind : 'text' }
}
