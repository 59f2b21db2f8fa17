// Compares answers field by field, and knows which differences are meant.
import { type AcceptedDifference, acceptedDifferences } from './differences.ts'
import type { Json } from './normalise.ts'

export interface Difference {
  /** `CreateTopics 7.topics.0.errorMessage`, with the number of the step in front */
  readonly path: string
  readonly kafka: Json | undefined
  readonly ours: Json | undefined
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function children(value: Json | undefined): Map<string, Json> | undefined {
  if (Array.isArray(value)) return named(value)
  return isObject(value) ? new Map(Object.entries(value)) : undefined
}

/** Configs and APIs are told apart by what they are, so that one that is missing is one difference; so is one that comes twice. */
function named(items: readonly Json[]): Map<string, Json> {
  const all = new Map<string, Json>()
  for (const [i, item] of items.entries()) {
    const name = nameOf(item)
    all.set(name === undefined || all.has(name) ? String(i) : name, item)
  }
  return all
}

function nameOf(item: Json): string | undefined {
  if (isObject(item) && typeof item['apiKey'] === 'number') return `key ${item['apiKey']}`
  return isObject(item) && 'isSensitive' in item && typeof item['name'] === 'string' ? item['name'] : undefined
}

/** Where two answers differ. */
export function differencesOf(kafka: Json | undefined, ours: Json | undefined, path = ''): Difference[] {
  const [left, right] = [children(kafka), children(ours)]
  if (!left || !right) return kafka === ours ? [] : [{ path, kafka, ours }]
  const keys = new Set([...left.keys(), ...right.keys()])
  return [...keys].flatMap((key) => differencesOf(left.get(key), right.get(key), path === '' ? key : `${path}.${key}`))
}

/** The entry of the table that a difference of a scenario stands in. */
export function acceptedBy(scenario: string, { path, kafka, ours }: Difference): AcceptedDifference | undefined {
  return acceptedDifferences.find(
    (entry) => entry.scenario.test(scenario) && entry.path.test(path) && (entry.when?.(kafka, ours) ?? true),
  )
}
