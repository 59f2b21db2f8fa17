// What a value under `app` may be read as beside its first reading: text that is a number, a list that is a text with commas.
import type { Json } from '../../core/json.ts'
import type { Setting, SettingsFacts } from '../actuator/ports.ts'
import { typed } from './app-values.ts'
import { commaParts } from './kinds.ts'

export type AppValues = Readonly<Record<string, Json>>

/** A problem as Standard Schema tells it. */
export interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
  /** what zod and others name beside the path of their parent */
  readonly keys?: readonly string[]
}

/** The path of an issue below `app`. */
export const stepsOf = ({ path = [] }: Issue): string[] =>
  path.map((step) => String(typeof step === 'object' ? step.key : step))

/** a value has at most three other readings, and its parts one, and what nobody takes is put back */
export const maxRounds = 6

/** By path: which of its other readings counts, from 1; 0 where none of them fits. */
export type Readings = ReadonlyMap<string, number>

const pathOf = (steps: readonly string[]): string => JSON.stringify(steps)

/** The next reading of what the issues name; undefined where there is none any more. */
export function otherReadings(issues: readonly Issue[], before: Readings, facts: SettingsFacts): Readings | undefined {
  const after = new Map(before)
  for (const steps of issues.map(stepsOf)) {
    const path = pathOf(steps)
    const reading = before.get(path)
    if (reading !== 0) after.set(path, (reading ?? 0) < readingsAt(facts, steps).length ? (reading ?? 0) + 1 : 0)
  }
  const isNew = [...after].some(([path, reading]) => reading !== (before.get(path) ?? 0))
  return isNew ? after : undefined
}

/** What else may be meant at a path: the text, and outside of files a list with commas. */
function readingsAt({ found }: SettingsFacts, steps: readonly string[]): Json[] {
  const text = textAt(found, steps)
  if (text === undefined) return []
  const setting = nearest(found, steps)
  const isWhole = setting?.name === ['app', ...steps].join('.')
  return isWhole && !setting?.at ? [text, commaParts(text).map(typed), commaParts(text)] : [text]
}

/** The values with other readings of some. */
export function withReadings(app: AppValues, readings: Readings, facts: SettingsFacts): AppValues {
  const copy = structuredClone(app) as Record<string, Json>
  for (const [path, reading] of readings) {
    const steps = JSON.parse(path) as string[]
    const value = readingsAt(facts, steps)[reading - 1]
    const last = steps.pop()
    let holder: Json | undefined = copy
    for (const step of steps) holder = (holder as Record<string, Json> | undefined)?.[step]
    if (value === undefined || last === undefined || typeof holder !== 'object' || holder === null) continue
    if (Object.hasOwn(holder, last)) (holder as Record<string, Json>)[last] = value
  }
  return copy
}

/** The text that was found at a path, also within a list, which may be a text with commas. */
function textAt(found: readonly Setting[], steps: readonly string[]): string | undefined {
  const setting = nearest(found, steps)
  let value: unknown = setting?.value
  for (const step of steps.slice(setting ? setting.name.split('.').length - 1 : 0)) {
    const holder: unknown = typeof value === 'string' ? commaParts(value) : value
    value = typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[step] : undefined
  }
  return typeof value === 'string' ? value : undefined
}

/** What was found for a path, or for the nearest thing above it. */
export function nearest(found: readonly Setting[], steps: readonly string[]): Setting | undefined {
  for (let depth = steps.length; depth > 0; depth--) {
    const name = ['app', ...steps.slice(0, depth)].join('.')
    const setting = found.find((each) => each.name === name)
    if (setting) return setting
  }
  return undefined
}
