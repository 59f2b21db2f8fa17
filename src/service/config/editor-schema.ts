// The JSON Schema of application.yaml for editors, made of the table of keys. It is kind where a start is: names bind relaxed, dots may stand
// in them, and a variable may stand for any value.
import type { Fallback, Key } from './keys.ts'
import type { Form } from './kinds.ts'
import { namedPlaces } from './names.ts'

type Schema = Readonly<Record<string, unknown>>

const variable: Schema = { type: 'string', pattern: String.raw`\$\{` }
const scalar = ['string', 'number', 'boolean'] as const

/** The text of schema/application.schema.json. */
export function settingsSchema(): string {
  const places = [...namedPlaces()]
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'application.yaml',
    description: 'The settings of a service: docs/service-settings.md of evplat',
    ...groupSchema('', places),
    definitions: Object.fromEntries(places.map(([name, key]) => [name, placeSchema(name, key, places)])),
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

type Places = readonly (readonly [name: string, key: Key<unknown> | undefined])[]

function placeSchema(name: string, key: Key<unknown> | undefined, places: Places): Schema {
  // what stands there is the service's own
  if (name === 'app') return { description: 'The settings of the service itself: `config` of `defineService`.' }
  const isGroup = places.some(([each]) => each.startsWith(`${name}.`))
  if (key === undefined) return groupSchema(name, places)
  const value = valueSchema(key)
  const description = describe(key)
  if (key.isMap)
    return { description, anyOf: [value, { type: ['object', 'null'], additionalProperties: nested(value) }] }
  return isGroup ? { description, anyOf: [value, groupSchema(name, places)] } : { description, ...value }
}

/** Names with dots may be written level by level. */
const nested = (value: Schema): Schema => ({ anyOf: [value, { type: 'object' }] })

/** A map with all that stands below a name, those with dots in them too. */
function groupSchema(group: string, places: Places): Schema {
  const start = group === '' ? '' : `${group}.`
  const below = places.filter(([name]) => name.startsWith(start) && name !== group)
  const relative = below.map(([name]): [string, Schema] => [
    name.slice(start.length),
    { $ref: `#/definitions/${name}` },
  ])
  const maps = below.filter(([, key]) => key?.isMap).map(([name]) => name.slice(start.length))
  return {
    type: ['object', 'null'],
    properties: Object.fromEntries(relative.filter(([name]) => !name.includes('.'))),
    patternProperties: Object.fromEntries([
      ...relative.map(([name, schema]) => [`^${relaxed(name)}$`, schema]),
      ...[...maps, ...(group === '' ? ['app'] : [])].map((name) => [`^${relaxed(name)}\\.`, {}]),
    ]),
    additionalProperties: false,
  }
}

/** A pattern of all the ways to write a name: `maxBodySize`, `max-body-size`, `MAX_BODY_SIZE`. */
function relaxed(name: string): string {
  return Array.from(name.toLowerCase(), (letter) => (letter === '.' ? String.raw`\.` : anyCase(letter))).join('[-_]*')
}

function valueSchema({ kind }: Key<unknown>): Schema {
  const one = formSchema(kind.form)
  if (!kind.isList) return one
  return { anyOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: one }] }
}

function formSchema(form: Form | undefined): Schema {
  switch (form?.is) {
    case undefined:
      return { type: scalar }
    case 'number':
      return {
        anyOf: [
          { type: 'integer', minimum: form.min, maximum: form.max },
          { type: 'string', pattern: String.raw`^\d{1,15}$` },
          variable,
        ],
      }
    case 'truth':
      return {
        anyOf: [
          { type: 'boolean' },
          { type: 'string', pattern: '^([tT][rR][uU][eE]|[fF][aA][lL][sS][eE])$' },
          variable,
        ],
      }
    case 'word':
      return {
        anyOf: [
          { enum: form.words },
          { type: 'string', pattern: `^(${form.words.map(anyCase).join('|')})$` },
          variable,
        ],
      }
    case 'amount':
      return { anyOf: [{ type: 'integer', minimum: 0 }, { type: 'string', pattern: String.raw`^\d` }, variable] }
  }
}

/** A pattern of a word in small and capital letters. */
function anyCase(word: string): string {
  const letter = (each: string): string => `[${each}${each.toUpperCase()}]`
  return word.replaceAll('*', String.raw`\*`).replaceAll(/[a-z]/g, letter)
}

function describe({ about, kind, fallback, without }: Key<unknown>): string {
  const told = fallback === undefined ? without : sentence(fallback)
  return `${about} Takes ${kind.expected}. Without it: ${told}.`
}

const sentence = (fallback: Fallback): string =>
  typeof fallback === 'string' ? fallback : `${fallback.production} in production, else ${fallback.otherwise}`
