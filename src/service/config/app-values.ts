// What stands under `app` -> JSON, for the service's own schema. Files say of a value whether it is text; elsewhere all is text.
import type { Json } from '../../core/json.ts'
import { type Binding, filled } from './bind.ts'
import type { Found, Raw } from './found.ts'
import { commaParts } from './kinds.ts'

/** A value of YAML's core schema as JSON has it; a number that JSON's would round stays text. */
export function typed(text: string): Json {
  if (/^(|~|null|Null|NULL)$/.test(text)) return text === '' ? '' : null
  if (/^(true|True|TRUE)$/.test(text)) return true
  if (/^(false|False|FALSE)$/.test(text)) return false
  if (!/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(text)) return text
  const number = Number(text)
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))
  return isExact ? number : text
}

/** The JSON of what was found; a variable without a value is reported and counts as text of nothing. */
export function jsonOf(raw: Raw, found: Found, to: Binding): Json {
  switch (raw.kind) {
    case 'nothing':
      return null
    case 'list':
      return raw.items.map((item) => jsonOf(item, found, to))
    case 'map':
      return Object.fromEntries(raw.entries.map(([name, value]) => [name, jsonOf(value, found, to)]))
    case 'text': {
      const text = filled(raw, found, to) ?? ''
      return raw.isPlain ? typed(text) : text
    }
  }
}

/** A text from elsewhere, where a file has a list by the same name, is one with commas. */
export function asList(winner: Found, others: readonly Found[]): Found {
  const { raw } = winner
  if (raw.kind !== 'text' || winner.at || !others.some((other) => other.raw.kind === 'list')) return winner
  return { ...winner, raw: { kind: 'list', items: commaParts(raw.text).map((text) => ({ ...raw, text })) } }
}

type Branch = Map<string, Json | Branch>

/** Values by their full names below `app` as one object; the first of two that exclude each other wins. */
export function nested(values: Iterable<readonly [name: string, value: Json]>): Record<string, Json> {
  const root: Branch = new Map()
  for (const [name, value] of values) {
    const steps = name.split('.').slice(1)
    const last = steps.pop()!
    let branch: Json | Branch | undefined = root
    for (const step of steps) branch = branch instanceof Map ? descend(branch, step) : undefined
    if (branch instanceof Map && !branch.has(last)) branch.set(last, value)
  }
  return toObject(root)
}

function descend(branch: Branch, step: string): Json | Branch {
  const next = branch.get(step) ?? (new Map() as Branch)
  branch.set(step, next)
  return next
}

function toObject(branch: Branch): Record<string, Json> {
  return Object.fromEntries([...branch].map(([name, value]) => [name, value instanceof Map ? toObject(value) : value]))
}
