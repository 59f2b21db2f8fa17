// Settings as an operator sees them: what holds, what was found, and what is a secret.
import type { Json } from '../../core/json.ts'
import { interpolate } from '../../yaml/interpolate.ts'
import type { Setting } from '../actuator/ports.ts'
import { isSecretName } from '../actuator/settings.ts'
import type { Found, Raw } from './found.ts'
import { keyOf } from './names.ts'
import type { Variables } from './variable-source.ts'

/** What was found with a value for it. */
export function settingOf(found: Found, value: unknown): Setting {
  const { name, source, origin, at, raw } = found
  const isSecret = isSecretFound(name, raw)
  return { name, value, origin, source, isSecret, ...(at && { at }) }
}

/** What was found, with its variables filled in as far as they have values. */
export const foundSetting = (found: Found, variables: Variables): Setting =>
  settingOf(found, textOf(found.raw, variables))

/** A secret by its key, by its name, or by the name of a variable that it is made of. */
function isSecretFound(name: string, raw: Raw): boolean {
  return (keyOf(name)?.isSecret ?? false) || isSecretName(name) || variablesIn(raw).some(isSecretName)
}

function variablesIn(raw: Raw): string[] {
  if (raw.kind === 'list') return raw.items.flatMap(variablesIn)
  if (raw.kind === 'map') return raw.entries.flatMap(([, value]) => variablesIn(value))
  return raw.kind === 'text' && raw.isFilled ? [...raw.text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!) : []
}

function textOf(raw: Raw, variables: Variables): Json {
  switch (raw.kind) {
    case 'nothing':
      return null
    case 'text': {
      const { text, missing } = raw.isFilled ? interpolate(raw.text, variables) : { text: raw.text }
      return missing ? raw.text : text
    }
    case 'list':
      return raw.items.map((item) => textOf(item, variables))
    case 'map':
      return Object.fromEntries(raw.entries.map(([name, value]) => [name, textOf(value, variables)]))
  }
}

/** A value of a key for people: durations and sizes as they are written. */
export function valueForPeople(value: unknown, text: unknown): unknown {
  return typeof value === 'number' && typeof text === 'string' && String(value) !== text.trim() ? text : value
}
