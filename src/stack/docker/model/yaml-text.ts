// Maps, lists, texts and numbers as YAML in block style. A writer of our own data is these few lines; the library that reads platform.yaml
// stays where files of others are read.

export type Yaml = string | number | null | readonly Yaml[] | { readonly [key: string]: Yaml | undefined }

/** The text of a document, ending with a newline. Members of a map that are undefined are left out. */
export function yamlText(value: Yaml): string {
  return `${blockOf(value, '').replace(/^[\n ]/, '')}\n`
}

/** What follows a key and its colon, or the dash of a list: a scalar behind a space, else lines of their own. */
function blockOf(value: Yaml, indent: string): string {
  if (Array.isArray(value)) return listOf(value, indent)
  if (typeof value === 'object' && value !== null)
    return mapOf(value as Readonly<Record<string, Yaml | undefined>>, indent)
  return ` ${scalarOf(value as string | number | null)}`
}

function listOf(values: readonly Yaml[], indent: string): string {
  if (values.length === 0) return ' []'
  return values.map((each) => `\n${indent}-${blockOf(each, `${indent}  `)}`).join('')
}

function mapOf(map: Readonly<Record<string, Yaml | undefined>>, indent: string): string {
  const members = Object.entries(map).filter((member): member is [string, Yaml] => member[1] !== undefined)
  if (members.length === 0) return ' {}'
  return members.map(([key, value]) => `\n${indent}${scalarOf(key)}:${inner(value, indent)}`).join('')
}

/** A map or a list within a map stands two columns further in. */
function inner(value: Yaml, indent: string): string {
  if (value === null) return ''
  return blockOf(value, `${indent}  `)
}

/** Without quotes only what every version of YAML takes for text. */
function scalarOf(value: string | number | null): string {
  if (typeof value !== 'string') return String(value)
  const isPlain = /^([a-z]|\.{0,2}\/)[\w./@,=-]*(:[\w./@,=-]+)*$/i.test(value)
  return isPlain && !/^(true|false|yes|no|on|off|y|n|null)$/i.test(value) ? value : quoted(value)
}

/** A text in JSON is one in YAML, but for characters that YAML does not take as they are. */
function quoted(value: string): string {
  const escape = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value).replaceAll(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, escape)
}
