// Typed values of all keys, with defaults, and where each one comes from.
import type { Json } from '../../core/json.ts'
import type { Setting } from '../actuator/ports.ts'
import { asList, jsonOf, nested } from './app-values.ts'
import { type Binding, readValue, tell } from './bind.ts'
import { foundSetting, settingOf, valueForPeople } from './facts.ts'
import type { Found } from './found.ts'
import { type Fallback, type Key, type Values, keys } from './keys.ts'
import { keyOf } from './names.ts'

export interface Bound {
  readonly values: Values
  /** the names that a user gave below a map, with their values */
  readonly below: (map: 'producer.keys' | 'logging.level') => Readonly<Record<string, unknown>>
  readonly app: Readonly<Record<string, Json>>
  /** what was found first by a name, and how early */
  readonly winner: (name: string) => (Found & { readonly rank: number }) | undefined
  readonly effective: readonly Setting[]
}

/** Binds what was found, those first that win. Values that don't fit are reported, and stand as if there were none. */
export function bindValues(all: readonly Found[], isProduction: boolean, to: Binding): Bound {
  const winners = new Map<string, Found & { readonly rank: number }>()
  for (const [rank, found] of all.entries()) if (!winners.has(found.name)) winners.set(found.name, { ...found, rank })
  const effective: Setting[] = []
  const read = (found: Found, key: Key<unknown>): unknown => {
    const value = readValue(key, found, to)
    if (value !== undefined)
      effective.push(settingOf(found, valueForPeople(value, foundSetting(found, to.variables).value)))
    return value
  }
  const values: Record<string, unknown> = {}
  const named: Record<string, unknown> = {}
  for (const found of winners.values()) {
    const key = keyOf(found.name)
    if (key?.isMap && found.name in keys) tellMap(found, to)
    else if (key) (key.isMap ? named : values)[found.name] = read(found, key)
  }
  for (const [name, key] of Object.entries<Key<unknown>>(keys)) {
    const [target, full] = key.isMap ? [named, `${name}.ROOT`] : [values, name]
    if (key.fallback === undefined || target[full] !== undefined) continue
    const text = textFor(key.fallback, isProduction)
    target[full] = key.kind.read(text)
    const value = valueForPeople(target[full], text)
    effective.push({ name: full, value, origin: 'default', source: 'defaults', isSecret: false })
  }
  const apps = [...winners.values()].filter(({ name }) => name.startsWith('app.'))
  const app = apps.map((found): readonly [string, Json] => {
    const listed = asList(
      found,
      all.filter(({ name }) => name === found.name),
    )
    const value = jsonOf(listed.raw, found, to)
    effective.push(settingOf(found, value))
    return [found.name, value]
  })
  return {
    values: values as unknown as Values,
    below: (map) => entriesBelow(named, map),
    app: nested(app),
    winner: (name) => winners.get(name),
    effective: effective.toSorted((a, b) => orderOf(a.name) - orderOf(b.name)),
  }
}

const names = Object.keys(keys)

/** As the table has them; what users named behind. */
function orderOf(name: string): number {
  const at = names.findIndex((known) => name === known || name.startsWith(`${known}.`))
  return at < 0 ? names.length : at
}

const textFor = (fallback: Fallback, isProduction: boolean): string =>
  typeof fallback === 'string' ? fallback : isProduction ? fallback.production : fallback.otherwise

function tellMap(found: Found, { report }: Binding): void {
  const message = `"${found.name}" must be a map`
  tell(report, found, { code: 'invalid-value', message, remedy: `for example \`${found.name}: { NAME: ... }\`` })
}

function entriesBelow(named: Readonly<Record<string, unknown>>, map: string): Record<string, unknown> {
  const entries = Object.entries(named).filter(([name, value]) => name.startsWith(`${map}.`) && value !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(map.length + 1), value]))
}
