// What was found -> typed values of the known keys. A value that loses against another one is not looked at, as in Spring.
import { withoutUserInfo } from '../../core/user-info.ts'
import { type Interpolated, interpolate } from '../../yaml/interpolate.ts'
import type { Report } from '../../yaml/report.ts'
import type { Found, Raw } from './found.ts'
import type { Key } from './keys.ts'
import type { Variables } from './variable-source.ts'

export interface Binding {
  readonly variables: Variables
  readonly report: Report
}

/** The problem of a value, at its place: in a file, else in words. */
export interface ValueProblem {
  readonly code: 'invalid-value' | 'missing-key' | 'file-missing' | 'unset-variable' | 'variable-syntax'
  readonly message: string
  readonly remedy: string
}

/** Reports a problem where the value was found. */
export function tell(report: Report, found: Found, { code, message, remedy }: ValueProblem): void {
  if (found.at) report.error({ code, at: found.at, message, remedy })
  else report.error({ code, message: `${found.origin}: ${message}`, remedy })
}

/** The text of a scalar with its variables filled in; undefined where one has no value, which is reported. */
export function filled(raw: Raw & { readonly kind: 'text' }, found: Found, to: Binding): string | undefined {
  if (!raw.isFilled) return raw.text
  const { text, missing, malformed } = interpolate(raw.text, to.variables)
  if (missing) tell(to.report, found, unset(missing))
  else if (malformed)
    tell(to.report, found, {
      code: 'variable-syntax',
      message: 'this is no variable that can be filled in',
      remedy: 'the forms are `${NAME}`, `${NAME:-default}` and `${NAME:?message}`; `$$` is a dollar sign',
    })
  return missing || malformed ? undefined : text
}

function unset({ name, message }: NonNullable<Interpolated['missing']>): ValueProblem {
  return {
    code: 'unset-variable',
    message: `the variable "${name}" has no value${message === undefined ? '' : `: ${message}`}`,
    remedy: `set it in the environment or in a file ".env", or give it one here: \`\${${name}:-value}\``,
  }
}

/** The value of a key by what was found for it; undefined where it is none, which is reported. */
export function readValue(key: Key<unknown>, found: Found, to: Binding): unknown {
  const { raw, name } = found
  const texts = textsOf(key, raw)
  if (texts === undefined) {
    const message =
      raw.kind === 'nothing' ? `"${name}" has no value` : `"${name}" must be ${key.kind.expected}, not a ${raw.kind}`
    tell(to.report, found, { code: 'invalid-value', message, remedy: exampleOf(found, key) })
    return undefined
  }
  const parts = texts.map((text) => filled(text, found, to))
  if (parts.some((part) => part === undefined)) return undefined
  const text = parts.join(',')
  const value = key.kind.read(text)
  if (value === undefined) {
    const what = key.isSecret ? 'this' : shown(texts.map((part) => part.text).join(','))
    tell(to.report, found, {
      code: 'invalid-value',
      message: `"${name}" must be ${key.kind.expected}, not ${what}`,
      remedy: key.kind.hint?.(text) ?? exampleOf(found, key),
    })
  }
  return value
}

type RawText = Raw & { readonly kind: 'text' }

function textsOf({ kind }: Key<unknown>, raw: Raw): readonly RawText[] | undefined {
  if (raw.kind === 'text') return [raw]
  const isTexts = (items: readonly Raw[]): items is readonly RawText[] => items.every((item) => item.kind === 'text')
  return raw.kind === 'list' && kind.isList && raw.items.length > 0 && isTexts(raw.items) ? raw.items : undefined
}

const exampleOf = ({ name, written = `${name}: ` }: Found, { kind }: Key<unknown>): string =>
  `for example \`${written}${kind.example}\``

const longest = 60

/** A text for a message: in one line, cut, and with no user of a URL. */
function shown(text: string): string {
  const line = withoutUserInfo(text).replaceAll(/\s+/g, ' ').trim()
  return `"${line.length > longest ? `${line.slice(0, longest)}...` : line}"`
}
