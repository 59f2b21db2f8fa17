// Parses values of configs as Kafka does (ConfigDef): same grammar, same bounds, and the same words about what is wrong.
import type { Bounds, ConfigDefinition, ConfigType } from './config-definition.ts'
import { isRelease } from './releases.ts'

/** Longs are bigint: the largest long is the default of some keys. */
export type ConfigValue = boolean | string | number | bigint | readonly string[]
export type Parsed = { readonly value: ConfigValue } | { readonly invalid: string }

const integer = /^[+-]?\d+$/
/** of java.lang.Double.valueOf, without its hexadecimal form */
const double = /^[+-]?(NaN|Infinity|((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[fFdD]?))$/
const limits: Partial<Record<ConfigType, bigint>> = { INT: 2n ** 31n, SHORT: 2n ** 15n, LONG: 2n ** 63n }

function toInteger(type: ConfigType, text: string): number | bigint | undefined {
  if (!integer.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ''))
  const limit = limits[type]!
  if (value >= limit || value < -limit) return undefined
  return type === 'LONG' ? value : Number(value)
}

function toDouble(text: string): number | undefined {
  return double.test(text) ? Number(text.replace(/[fFdD]$/, '')) : undefined
}

function toBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : undefined
}

function parseType(type: ConfigType, text: string): ConfigValue | undefined {
  const trimmed = text.trim()
  switch (type) {
    case 'STRING':
      return trimmed
    case 'LIST':
      return trimmed === '' ? [] : trimmed.split(/\s*,\s*/)
    case 'BOOLEAN':
      return toBoolean(trimmed)
    case 'DOUBLE':
      return toDouble(trimmed)
    default:
      return toInteger(type, trimmed)
  }
}

/** A double as Java prints it. */
function javaDouble(value: number): string {
  const size = Math.abs(value)
  if (!Number.isFinite(value)) return String(value)
  if (value === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value)
  const [mantissa = '', exponent = ''] = value.toExponential().split('e')
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`
}

function printed(value: ConfigValue): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`
  return typeof value === 'number' && !Number.isInteger(value) ? javaDouble(value) : String(value)
}

const throttledReplicas = /^\d+:\d+$/

/** What is wrong with a parsed value, and which part of it; undefined when nothing is. */
function violation(name: string, value: ConfigValue, bounds: Bounds): { what: string; why: string } | undefined {
  const wrong = (why: string, what = printed(value)): { what: string; why: string } => ({ what, why })
  if (bounds === 'release')
    return isRelease(String(value)) ? undefined : wrong(`Version ${value} is not a valid version`)
  if (bounds === 'gzip-level') {
    const level = Number(value)
    return level === -1 || (level >= 1 && level <= 9)
      ? undefined
      : wrong('Value must be between 1 and 9 or equal to -1')
  }
  if (bounds === 'throttled-replicas') {
    const replicas = value as readonly string[]
    if ((replicas.length === 1 && replicas[0] === '*') || replicas.every((each) => throttledReplicas.test(each)))
      return undefined
    return wrong(
      `${name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`,
    )
  }
  if ('oneOf' in bounds)
    return bounds.oneOf.includes(String(value)) ? undefined : wrong(`String must be one of: ${bounds.oneOf.join(', ')}`)
  if ('elements' in bounds) {
    const strange = (value as readonly string[]).find((each) => !bounds.elements.includes(each))
    return strange === undefined ? undefined : wrong(`String must be one of: ${bounds.elements.join(', ')}`, strange)
  }
  return outOfRange(value as number | bigint, bounds)
}

function outOfRange(
  value: number | bigint,
  { min, max }: { min: number; max?: number },
): { what: string; why: string } | undefined {
  const what = typeof value === 'number' ? printed(value) : String(value)
  if (value < min) return { what, why: `Value must be at least ${min}` }
  return max !== undefined && value > max ? { what, why: `Value must be no more than ${max}` } : undefined
}

function whyNot(type: ConfigType): string {
  return type === 'BOOLEAN' ? 'Expected value to be either true or false' : `Not a number of type ${type}`
}

/** Parses a value. `invalid` is the server's message about it. */
export function parseConfig(definition: ConfigDefinition, text: string): Parsed {
  const { name, type, bounds } = definition
  const value = parseType(type, text)
  if (value === undefined) return { invalid: `Invalid value ${text} for configuration ${name}: ${whyNot(type)}` }
  const found = bounds === undefined ? undefined : violation(name, value, bounds)
  if (!found) return { value }
  const what = type === 'DOUBLE' ? javaDouble(value as number) : found.what
  return { invalid: `Invalid value ${what} for configuration ${name}: ${found.why}` }
}
