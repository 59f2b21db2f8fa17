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
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value)
}

const throttledReplica = /^\d+:\d+$/

function areThrottledReplicas(list: readonly string[]): boolean {
  return (list.length === 1 && list[0] === '*') || list.every((each) => throttledReplica.test(each))
}

function isGzipLevel(level: ConfigValue): boolean {
  return level === -1 || (Number(level) >= 1 && Number(level) <= 9)
}

interface Violation {
  readonly why: string
  /** the part of the value that is wrong, where that is not the whole */
  readonly what?: string
}

function unless(isRight: boolean, why: string): Violation | undefined {
  return isRight ? undefined : { why }
}

/** What is wrong with a parsed value; undefined when nothing is. */
function violation(name: string, value: ConfigValue, bounds: Bounds): Violation | undefined {
  if (bounds === 'release') return unless(isRelease(String(value)), `Version ${value} is not a valid version`)
  if (bounds === 'gzip-level') return unless(isGzipLevel(value), 'Value must be between 1 and 9 or equal to -1')
  if (bounds === 'throttled-replicas')
    return unless(
      areThrottledReplicas(value as readonly string[]),
      `${name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`,
    )
  if ('oneOf' in bounds)
    return unless(bounds.oneOf.includes(String(value)), `String must be one of: ${bounds.oneOf.join(', ')}`)
  if ('elements' in bounds) {
    const strange = (value as readonly string[]).find((each) => !bounds.elements.includes(each))
    if (strange === undefined) return undefined
    return { what: strange, why: `String must be one of: ${bounds.elements.join(', ')}` }
  }
  const { min, max } = bounds
  if ((value as number) < min) return { why: `Value must be at least ${min}` }
  return unless(max === undefined || !((value as number) > max), `Value must be no more than ${max}`)
}

function whyNot(type: ConfigType): string {
  return type === 'BOOLEAN' ? 'Expected value to be either true or false' : `Not a number of type ${type}`
}

/** Reads a value that was checked, by its type alone. */
export function readConfig({ name, type }: ConfigDefinition, text: string): ConfigValue {
  const value = parseType(type, text)
  if (value === undefined) throw new Error(`${name} has the value ${text}, which is no ${type}`)
  return value
}

/** A value as Kafka shows it: without the freedoms that its grammar has. */
export function canonicalConfig(definition: ConfigDefinition, text: string): string {
  const value = readConfig(definition, text)
  if (Array.isArray(value)) return value.join(',')
  return definition.type === 'DOUBLE' ? javaDouble(Number(value)) : String(value)
}

/** Parses a value. `invalid` is the server's message about it. */
export function parseConfig(definition: ConfigDefinition, text: string): Parsed {
  const { name, type, bounds } = definition
  const value = parseType(type, text)
  if (value === undefined) return { invalid: `Invalid value ${text} for configuration ${name}: ${whyNot(type)}` }
  const found = bounds === undefined ? undefined : violation(name, value, bounds)
  if (!found) return { value }
  const { why, what = type === 'DOUBLE' ? javaDouble(Number(value)) : printed(value) } = found
  return { invalid: `Invalid value ${what} for configuration ${name}: ${why}` }
}
