// Answers of registries -> our own types. What does not fit is undefined: then something else answers there.
import { type CompatibilityLevel, compatibilityLevels } from '../avro/compatibility-level.ts'
import { type Json, isJsonArray, isJsonObject } from '../core/json.ts'
import {
  type Check,
  type RegistryMode,
  type SchemaById,
  type SchemaReference,
  type SchemaVersion,
  registryModes,
} from './registry.ts'

/** Reads one kind of answer. */
export type Reader<T> = (body: Json) => T | undefined

export const readNumber: Reader<number> = (body) => (typeof body === 'number' ? body : undefined)

export const readId: Reader<number> = (body) => readNumber(fieldsOf(body)['id'] ?? null)

export function listOf<T>(readItem: Reader<T>): Reader<T[]> {
  return (body) => {
    if (!isJsonArray(body)) return undefined
    const items = body.map(readItem)
    return items.every((item) => item !== undefined) ? items : undefined
  }
}

export const readNumbers = listOf(readNumber)
export const readNames = listOf((body) => (typeof body === 'string' ? body : undefined))

/** The schema of a known id; answers leave the id itself out. */
export function readSchema(id: number): Reader<SchemaById> {
  return (body) => {
    const { schema, schemaType, references: given } = fieldsOf(body)
    const references = listOf(readReference)(given ?? [])
    if (typeof schema !== 'string' || !references) return undefined
    return { id, type: typeof schemaType === 'string' ? schemaType : 'AVRO', schema, references }
  }
}

export const readVersion: Reader<SchemaVersion> = (body) => {
  const { id, subject, version } = fieldsOf(body)
  if (typeof id !== 'number' || typeof subject !== 'string' || typeof version !== 'number') return undefined
  const schema = readSchema(id)(body)
  return schema && { ...schema, subject, version }
}

const readReference: Reader<SchemaReference> = (body) => {
  const { name, subject, version } = fieldsOf(body)
  if (typeof name !== 'string' || typeof subject !== 'string' || typeof version !== 'number') return undefined
  return { name, subject, version }
}

/** Messages may be a list, one text, or missing. */
export const readCheck: Reader<Check> = (body) => {
  const { is_compatible: compatible, messages = [] } = fieldsOf(body)
  if (typeof compatible !== 'boolean') return undefined
  const list: readonly Json[] = isJsonArray(messages) ? messages : messages === null ? [] : [messages]
  return { compatible, messages: list.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))) }
}

/** null for a config that sets no level. */
export const readLevel: Reader<CompatibilityLevel | null> = (body) => {
  if (!isJsonObject(body)) return undefined
  const level = body['compatibilityLevel'] ?? null
  return level === null ? null : compatibilityLevels.find((known) => known === level)
}

export const readMode: Reader<RegistryMode> = (body) => registryModes.find((known) => known === fieldsOf(body)['mode'])

function fieldsOf(body: Json): { readonly [key: string]: Json | undefined } {
  return isJsonObject(body) ? body : {}
}
