// Schema files -> parsed schemas, each with the types of other files that it uses.
import { AvroSchemaError } from '../avro/schema-error.ts'
import { definedTypes } from '../avro/named-types.ts'
import { primitiveNames } from '../avro/names.ts'
import { parseSchema, unknownTypes } from '../avro/parse.ts'
import type { NamedSchema, Schema } from '../avro/schema.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import type { Place } from '../core/finding.ts'
import { JsonError, parseJson } from '../core/json.ts'
import { jsonPlace } from './json-place.ts'
import type { Report } from '../yaml/report.ts'
import type { Source } from '../yaml/source.ts'

export interface ResolvedFile {
  readonly path: string
  readonly source: Source
  readonly schema: Schema
  /** full names of the types of other files that its text uses, in the order of their first use */
  readonly uses: readonly string[]
}

export interface Resolver {
  readonly sources: ReadonlyMap<string, Source>
  /** full name of a type -> path of the file that holds it */
  readonly index: ReadonlyMap<string, string>
  readonly report: Report
  /** files that are done; undefined for one with problems, which are told */
  readonly done: Map<string, ResolvedFile | undefined>
}

/**
 * The schema of a file, with the files that it needs resolved before. `user` says for messages what needs it.
 * Undefined when it or one of them has problems: these are reported.
 */
export function resolveFile(
  resolver: Resolver,
  path: string,
  user: string,
  trail: readonly string[] = [],
): ResolvedFile | undefined {
  if (resolver.done.has(path)) return resolver.done.get(path)
  const source = resolver.sources.get(path)
  const resolved = source && resolveSource(resolver, { path, source, user, trail: [...trail, path] })
  resolver.done.set(path, resolved)
  return resolved
}

interface Task {
  readonly path: string
  readonly source: Source
  readonly user: string
  /** the files on the way here, this one last */
  readonly trail: readonly string[]
}

function resolveSource(resolver: Resolver, task: Task): ResolvedFile | undefined {
  const { source, path, trail } = task
  const names = attempt(resolver, task, () => unknownTypes(source.text))
  if (!names) return undefined
  const known = new Map<string, NamedSchema>()
  const missing: string[] = []
  let isSound = true
  for (const name of names) {
    const other = resolver.index.get(name)
    if (other === undefined || trail.includes(other)) {
      missing.push(name)
      continue
    }
    const found = resolveFile(resolver, other, `"${source.file}" uses it`, trail)
    const type = found && definedTypes(found.schema).get(name)
    if (type) known.set(name, type)
    else isSound = false
  }
  for (const name of missing) reportMissing(resolver, task, name, { known, missing })
  if (!isSound || missing.length > 0) return undefined
  const schema = attempt(resolver, task, () => parseSchema(source.text, { known }))
  return schema && { path, source, schema, uses: names }
}

/** Runs the Avro parser and tells what it refuses. */
function attempt<T>({ report }: Resolver, { source, user }: Task, parse: () => T): T | undefined {
  try {
    return parse()
  } catch (thrown) {
    if (!(thrown instanceof AvroSchemaError)) throw thrown
    const remedy = `mend the schema: ${user}`
    if (thrown.kind === 'json') report.error({ code: 'schema-json', ...jsonProblem(source, thrown.message), remedy })
    else {
      const at = jsonPlace(source, thrown.pointer)
      report.error({ code: 'schema-invalid', at, message: thrown.message, remedy })
    }
    return undefined
  }
}

/** The parser has no place for what is no JSON: the reader of JSON does. */
function jsonProblem({ file, text }: Source, message: string): { at: Place; message: string } {
  try {
    parseJson(text, { uniqueKeys: true })
  } catch (thrown) {
    if (!(thrown instanceof JsonError)) throw thrown
    const { line, column } = thrown
    const fact = thrown.message.replace(` (line ${line}, column ${column})`, '')
    const at = { file, line, column, text: text.split('\n')[line - 1]?.replace(/\r$/, '') ?? '' }
    return { at, message: `the schema is no JSON: ${fact}` }
  }
  return { at: { file, line: 1, column: 1 }, message }
}

interface Types {
  readonly known: ReadonlyMap<string, NamedSchema>
  readonly missing: readonly string[]
}

/** Tells where a type is used that is nowhere, or only in a file that needs this one. */
function reportMissing(
  { report, index, done }: Resolver,
  { source, trail, user }: Task,
  name: string,
  types: Types,
): void {
  const at = jsonPlace(source, pointerOfUse(source.text, name, types))
  const other = index.get(name)
  if (other !== undefined) {
    const circle = [...trail.slice(trail.indexOf(other)), other]
    report.error({
      code: 'schema-cycle',
      at,
      message: `the schema files need each other: ${circle.join(' -> ')}`,
      remedy: 'define the types that need each other in one file, within the record that uses them first',
    })
    return
  }
  const inside = [...done.values()].find((file) => file && definedTypes(file.schema).has(name))
  report.error({
    code: 'schema-unknown-type',
    at,
    message: `no schema defines the type "${name}"`,
    remedy: inside
      ? `"${inside.source.file}" defines it inside another type: give it a file of its own`
      : `${didYouMean(name, [...index.keys(), ...primitiveNames]) || 'put it into a file of its own, where "schemas.dir" says'} (${user})`,
  })
}

/** The pointer at which the parser misses a type, everything else that is missing taken for something. */
function pointerOfUse(text: string, name: string, { known, missing }: Types): string {
  const standIns = missing
    .filter((other) => other !== name)
    .map((other): [string, NamedSchema] => [
      other,
      { type: 'fixed', name: other, aliases: [], size: 1, properties: new Map() },
    ])
  try {
    parseSchema(text, { known: new Map([...known, ...standIns]) })
  } catch (thrown) {
    if (thrown instanceof AvroSchemaError && thrown.unknownType === name) return thrown.pointer
  }
  return ''
}
