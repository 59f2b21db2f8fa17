// What the types of Avro are called in TypeScript.
import { namespaceOf, shortName } from '../../avro/names.ts'
import type { NamedSchema } from '../../avro/schema.ts'

/** Words that no type of TypeScript can be called. */
const reserved = new Set(
  (
    'any as asserts await bigint boolean break case catch class const continue debugger default delete do else enum export ' +
    'extends false finally for function if implements import in infer instanceof interface is keyof let module namespace ' +
    'never new null number object package private protected public readonly require return static string super switch ' +
    'symbol this throw true try type typeof undefined unique unknown var void while with yield'
  ).split(' '),
)

/** Words or parts of a name, each with a capital first, as one name: `orders.placed` -> `OrdersPlaced`. */
export function capitalised(...words: readonly string[]): string {
  const parts = words.flatMap((word) => word.split(/[^A-Za-z0-9_]+/)).filter((part) => part !== '')
  const name = parts.map((part) => part[0]!.toUpperCase() + part.slice(1)).join('')
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`
}

/** Gives the name that is wanted, or one close to it where that is taken or is a word of the language. */
export type TakeName = (wanted: string) => string

export function createNames(): TakeName {
  const taken = new Set<string>()
  return (wanted) => {
    let name = reserved.has(wanted) ? `${wanted}_` : wanted
    while (taken.has(name)) name += '_'
    taken.add(name)
    return name
  }
}

/** Full name -> name in TypeScript: the short name, with its namespace where two types have the same one. */
export function nameTypes(types: readonly NamedSchema[], take: TakeName): ReadonlyMap<string, string> {
  const shorts = types.map((type) => shortName(type.name))
  const isAlone = (short: string): boolean => shorts.indexOf(short) === shorts.lastIndexOf(short)
  const alone = types.filter((_, at) => isAlone(shorts[at]!))
  const others = types.filter((_, at) => !isAlone(shorts[at]!))
  return new Map([
    ...alone.map((type) => [type.name, take(shortName(type.name))] as const),
    ...others.map((type) => {
      const { name } = type
      const long = namespaceOf(name) === '' ? shortName(name) : capitalised(namespaceOf(name), shortName(name))
      return [name, take(long)] as const
    }),
  ])
}
