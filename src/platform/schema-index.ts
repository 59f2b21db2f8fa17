// The types of `schemas.dir` by full name: what a schema uses but does not define is found here.
import { canonicalText } from '../avro/canonical.ts'
import { pointerTo } from '../avro/json-pointer.ts'
import { fullName, shortName } from '../avro/names.ts'
import { namedTypesIn } from '../avro/named-types.ts'
import type { NamedSchema } from '../avro/schema.ts'
import { type Json, isJsonObject, parseJson } from '../core/json.ts'
import { jsonPlace } from './json-place.ts'
import type { Report } from '../yaml/report.ts'
import type { ResolvedFile } from './schema-resolver.ts'
import type { Source } from '../yaml/source.ts'

const namedTypes = new Set<Json | undefined>(['record', 'error', 'enum', 'fixed'])

/** The full name of the type that a schema text defines as a whole; undefined for any other text. */
export function topLevelName(text: string): string | undefined {
  let json: Json
  try {
    json = parseJson(text)
  } catch {
    return undefined
  }
  if (!isJsonObject(json) || !namedTypes.has(json['type']) || typeof json['name'] !== 'string') return undefined
  return fullName(json['name'], typeof json['namespace'] === 'string' ? json['namespace'] : '')
}

/** Full name -> path of the first file that holds it. */
export function indexTypes(paths: readonly string[], sources: ReadonlyMap<string, Source>): Map<string, string> {
  const index = new Map<string, string>()
  for (const path of paths) {
    const name = topLevelName(sources.get(path)?.text ?? '')
    if (name !== undefined && !index.has(name)) index.set(name, path)
  }
  return index
}

/** Tells every type that two files define with different meanings. Files come before those that use them. */
export function reportDifferentTwins(files: readonly ResolvedFile[], report: Report): void {
  const seen = new Set<NamedSchema>()
  const first = new Map<string, { readonly text: string; readonly source: Source }>()
  for (const { schema, source } of files)
    for (const type of namedTypesIn(schema)) {
      if (seen.has(type)) continue
      seen.add(type)
      const text = canonicalText(type)
      const other = first.get(type.name)
      if (!other) first.set(type.name, { text, source })
      else if (other.text !== text)
        report.error({
          code: 'schema-declared-twice',
          at: jsonPlace(source, pointerOfDefinition(parseJson(source.text), type.name) ?? ''),
          message: `the type "${type.name}" is defined differently in "${other.source.file}"`,
          remedy: 'keep one definition in a file of its own and use it by its full name, or give one another name',
        })
    }
}

/** Where a JSON text defines a type: the pointer of its name. */
function pointerOfDefinition(json: Json, name: string, pointer = ''): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  if (isJsonObject(json) && namedTypes.has(json['type']) && typeof json['name'] === 'string')
    if (json['name'] === name || json['name'] === shortName(name)) return pointerTo(pointer, 'name')
  for (const [key, value] of Object.entries(json)) {
    const found = pointerOfDefinition(value, name, pointerTo(pointer, key))
    if (found !== undefined) return found
  }
  return undefined
}
