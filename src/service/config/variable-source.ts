// The environment, and files `.env` -> what was found in them. Variables that set nothing are somebody else's.
import { type Found, literal } from './found.ts'
import { ofVariable, squashed } from './names.ts'

export type Variables = Readonly<Record<string, string | undefined>>

interface VariableSource {
  /** `environment`, or the name of a file */
  readonly source: string
  readonly variables: Variables
  /** full names below `app`, `producer.keys` and `logging.level` that are known already: a variable in capitals means one of them */
  readonly known: readonly string[]
}

/** What variables set. An empty one counts as not there, since compose files hand on what is not set as that. */
export function readVariables({ source, variables, known }: VariableSource): Found[] {
  return Object.entries(variables).flatMap(([variable, value]) => {
    const target = value === undefined || value === '' ? undefined : ofVariable(variable)
    if (!target || value === undefined) return []
    const name = 'name' in target ? target.name : nameBelow(target.map, target.rest, known)
    return name === undefined
      ? []
      : [{ name, raw: literal(value), source, origin: `${source} ${variable}`, written: `${variable}=` }]
  })
}

/** APP_MAX_ORDERS is `app.maxOrders`, or what is known by a name with these letters; `__` goes a level down. */
function nameBelow(map: string, rest: string, known: readonly string[]): string | undefined {
  const letters = (name: string): string => squashed(name).replaceAll('.', '')
  const meant = known.find(
    (name) => name.startsWith(`${map}.`) && letters(name.slice(map.length + 1)) === letters(rest),
  )
  if (meant !== undefined) return meant
  if (map === 'logging.level') return `${map}.${rest === 'ROOT' ? rest : rest.toLowerCase().replaceAll('_', '.')}`
  const levels = rest.split('__').map(camel)
  return map === 'app' && levels.every((level) => level !== '') ? `app.${levels.join('.')}` : undefined
}

const camel = (words: string): string =>
  words.toLowerCase().replaceAll(/_+([^_])/g, (_, letter: string) => letter.toUpperCase())
