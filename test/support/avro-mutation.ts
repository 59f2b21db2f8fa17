// Schemas that differ a little from others: what teams do to their schemas, allowed or not.
import { type Json, isJsonArray, isJsonObject } from '../../src/core/json.ts'
import { createRandom } from './avro-generator.ts'

type Random = (below: number) => number
type Change = (random: Random) => Json

/** The JSON of a schema with one to three changes. It may be no schema any more: a type may be used that nothing defines. */
export function mutated(schema: Json, seed: number): Json {
  const random = createRandom(seed)
  let result = schema
  for (let left = 1 + random(3); left > 0; left--) {
    result = changedAt({ random, place: random(countTypes(result)) }, result)
  }
  return result
}

interface Walk {
  readonly random: Random
  /** how many types are passed over before the one that is changed */
  place: number
}

function countTypes(type: Json): number {
  return 1 + partsOf(type).reduce((sum: number, part) => sum + countTypes(part), 0)
}

function partsOf(type: Json): readonly Json[] {
  if (isJsonArray(type)) return type
  if (!isJsonObject(type)) return []
  const fields = type['fields']
  if (fields !== undefined && isJsonArray(fields))
    return fields.map((field) => (isJsonObject(field) ? field['type']! : field))
  return [type['items'], type['values']].filter((part) => part !== undefined)
}

function changedAt(walk: Walk, type: Json): Json {
  if (walk.place-- === 0) return changed(type, walk.random)
  if (isJsonArray(type)) return type.map((branch) => changedAt(walk, branch))
  if (!isJsonObject(type)) return type
  const result: Record<string, Json> = { ...type }
  for (const key of ['items', 'values']) if (key in type) result[key] = changedAt(walk, type[key]!)
  const fields = type['fields']
  if (fields !== undefined && isJsonArray(fields))
    result['fields'] = fields.map((field) =>
      isJsonObject(field) ? { ...field, type: changedAt(walk, field['type']!) } : field,
    )
  return result
}

function changed(type: Json, random: Random): Json {
  const changes = changesOf(type)
  return changes[random(changes.length)]!(random)
}

const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']
const primitive = (random: Random): string => primitives[random(primitives.length)]!

function changesOf(type: Json): Change[] {
  const anyType: Change[] = [
    primitive,
    (random) => (isJsonArray(type) ? type : [type, primitive(random)]),
    (random) => (isJsonArray(type) ? type : [primitive(random), type]),
    () => ({ type: 'array', items: type }),
  ]
  if (isJsonArray(type)) return [...anyType, ...unionChanges(type)]
  if (!isJsonObject(type)) return anyType
  switch (type['type']) {
    case 'record':
      return recordChanges(type)
    case 'enum':
      return [...nameChanges(type), ...enumChanges(type)]
    case 'fixed':
      return [...nameChanges(type), () => ({ ...type, size: Number(type['size']) + 1 })]
    case 'array':
      return [...anyType, () => ({ type: 'map', values: type['items']! })]
    case 'map':
      return [...anyType, () => ({ type: 'array', items: type['values']! })]
    default:
      return anyType
  }
}

function unionChanges(union: readonly Json[]): Change[] {
  return [
    (random) => union.filter((_, at) => at !== random(union.length)),
    (random) => [...union, primitive(random)],
    () => union.toReversed(),
    (random) => union[random(union.length)] ?? 'null',
  ]
}

function nameChanges(type: { readonly [key: string]: Json }): Change[] {
  const name = String(type['name'])
  const full = type['namespace'] === '' ? name : `${String(type['namespace'])}.${name}`
  return [
    () => ({ ...type, name: `${name}New` }),
    () => ({ ...type, name: `${name}New`, aliases: [full] }),
    () => ({ ...type, namespace: 'elsewhere' }),
    () => ({ ...type, namespace: 'elsewhere', aliases: [full] }),
  ]
}

function enumChanges(type: { readonly [key: string]: Json }): Change[] {
  const symbols = type['symbols'] as readonly string[]
  return [
    () => ({ ...type, symbols: [...symbols, 'NEW'] }),
    () => ({ ...type, symbols: ['NEW', ...symbols], default: 'NEW' }),
    () => ({ ...type, symbols: [...symbols.slice(1), 'NEW'], default: 'NEW' }),
    () => ({ type: 'enum', name: type['name']!, namespace: type['namespace']!, symbols: [...symbols.slice(1), 'NEW'] }),
  ]
}

function recordChanges(type: { readonly [key: string]: Json }): Change[] {
  const fields = type['fields'] as readonly { readonly [key: string]: Json }[]
  const withFields = (changed: readonly Json[]): Json => ({ ...type, fields: changed })
  const renamed = (random: Random, more: (name: string) => object): Json => {
    const at = random(fields.length)
    return withFields(
      fields.map((field, index) =>
        index === at ? { ...field, name: 'renamed', ...more(String(field['name'])) } : field,
      ),
    )
  }
  return [
    ...nameChanges(type),
    (random) => withFields(fields.filter((_, at) => at !== random(fields.length))),
    (random) => withFields([...fields, { name: 'added', type: primitive(random) }]),
    () => withFields([{ name: 'added', type: 'string', default: 'x' }, ...fields]),
    () => withFields([...fields, { name: 'added', type: ['null', 'long'], default: null }]),
    () =>
      withFields([...fields, { name: 'added', type: { type: 'array', items: ['int', 'null'] }, default: [1, null] }]),
    () => withFields(fields.toReversed()),
    (random) => renamed(random, () => ({})),
    (random) => renamed(random, (name) => ({ aliases: [name] })),
  ]
}
