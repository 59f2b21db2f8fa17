// Names of settings. They bind relaxed, as Spring's do: `max-body-size`, `maxBodySize` and SERVER_MAX_BODY_SIZE are one.
import { type Key, type KeyName, keys } from './keys.ts'

const table: Readonly<Record<string, Key<unknown>>> = keys

/** The text without what writers of names differ in. */
export const squashed = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, '')

const byName = new Map(Object.keys(keys).map((name) => [squashed(name), name as KeyName]))
const mapNames = Object.keys(keys).filter((name) => table[name]!.isMap)

/** The full name of what a dotted name means, or undefined where it is no key. Names that users give stay as they are. */
export function settingName(dotted: string): string | undefined {
  const known = byName.get(squashed(dotted))
  // `logging.level: info` is the level of all
  if (known !== undefined) return known === 'logging.level' ? 'logging.level.ROOT' : known
  for (const map of ['app', ...mapNames]) {
    const parts = dotted.split('.')
    const depth = map.split('.').length
    const rest = parts.slice(depth).join('.')
    if (rest !== '' && squashed(parts.slice(0, depth).join('.')) === squashed(map)) return entryName(map, rest)
  }
  return undefined
}

const entryName = (map: string, rest: string): string =>
  `${map}.${map === 'logging.level' && rest.toLowerCase() === 'root' ? 'ROOT' : rest}`

/** The key that a full name belongs to; undefined under `app`. */
export function keyOf(name: string): Key<unknown> | undefined {
  return Object.hasOwn(table, name) ? table[name] : table[mapNames.find((map) => name.startsWith(`${map}.`)) ?? '']
}

/** Whether names that are known stand below a dotted name. */
export function isGroup(dotted: string): boolean {
  const start = `${squashed(dotted)}.`
  return dotted === 'app' || [...byName.keys()].some((name) => name.startsWith(start)) || isMap(dotted)
}

/** Every name of the table and every group above one, `app` too, with what stands there; undefined for a group that is no key itself. */
export function namedPlaces(): ReadonlyMap<string, Key<unknown> | undefined> {
  const places = new Map<string, Key<unknown> | undefined>([['app', undefined]])
  for (const name of Object.keys(keys)) {
    const parts = name.split('.')
    for (let depth = 1; depth <= parts.length; depth++) {
      const place = parts.slice(0, depth).join('.')
      places.set(place, table[place])
    }
  }
  return places
}

const isMap = (dotted: string): boolean => mapNames.some((map) => squashed(map) === squashed(dotted))

/** The known names right below a dotted name; those of the root for ''. */
export function namesBelow(dotted: string): string[] {
  const start = dotted === '' ? '' : `${squashed(dotted)}.`
  const depth = dotted === '' ? 0 : dotted.split('.').length
  const below = Object.keys(keys).filter((name) => squashed(name).startsWith(start))
  return [...new Set([...below.map((name) => name.split('.')[depth]!), ...(dotted === '' ? ['app'] : [])])]
}

const snake = (name: string): string => name.replaceAll(/(?<=[a-z\d])(?=[A-Z])|[.-]/g, '_').toUpperCase()

/** The name of the environment variable that people are told: `server.maxBodySize` is SERVER_MAX_BODY_SIZE. */
export const variableName = (name: string): string => snake(name).replaceAll(/\W/g, '_')

const spring = (name: string): string => name.replaceAll('.', '_').replaceAll('-', '').toUpperCase()

const byVariable = new Map(
  (Object.keys(keys) as KeyName[]).flatMap((name) => [
    [snake(name), name],
    [spring(name), name],
  ]),
)

/** What a variable of the environment sets: a name, or what stands behind the name of a map. */
export function ofVariable(
  variable: string,
): { readonly name: string } | { readonly map: string; readonly rest: string } | undefined {
  const name = byVariable.get(variable)
  if (name !== undefined) return { name: settingName(name)! }
  for (const map of ['app', ...mapNames])
    for (const start of [snake(map), spring(map)])
      if (variable.startsWith(`${start}_`) && variable.length > start.length + 1)
        return { map, rest: variable.slice(start.length + 1) }
  return undefined
}
