// A config value as people write it -> the string that Kafka takes.
import { didYouMean } from '../core/did-you-mean.ts'
import { parseDuration } from '../core/duration.ts'
import { parseSize } from '../core/size.ts'
import type { TopicConfig } from './topic-configs.ts'

/** The string for Kafka; or what it must be, in words, what to do where that can be guessed, and which item of a list is meant. */
export type ConfigReading =
  | { readonly value: string }
  | { readonly expected: string; readonly hint?: string; readonly item?: number }

/** Reads a value of a known config: `7d` as `604800000`, a list as `compact,delete`. */
export function readConfigValue(config: TopicConfig, written: string | readonly string[]): ConfigReading {
  if (config.kind === 'list')
    return readList(config.choices, typeof written === 'string' ? written.split(',') : written)
  if (typeof written !== 'string') return { expected: 'one value' }
  const text = written.trim()
  if ('min' in config) return readNumber(config, text)
  switch (config.kind) {
    case 'ratio':
      return isRatio(text) ? { value: text } : { expected: 'a number from 0 to 1' }
    case 'boolean':
      return /^(true|false)$/i.test(text) ? { value: text.toLowerCase() } : { expected: 'true or false' }
    case 'choice':
      return config.choices.includes(text) ? { value: text } : oneOf(config.choices, text)
    case 'text':
      return text === '' ? { expected: 'a text' } : { value: text }
  }
}

const isRatio = (text: string): boolean => /^(\d+(\.\d*)?|\.\d+)$/.test(text) && Number(text) <= 1

function oneOf(choices: readonly string[], text: string): ConfigReading {
  return { expected: `one of ${choices.join(', ')}`, hint: didYouMean(text, choices) }
}

function readList(choices: readonly string[] | undefined, written: readonly string[]): ConfigReading {
  const items = written.map((item) => item.trim()).filter((item) => item !== '')
  if (!choices) return { value: items.join(',') }
  const stranger = written.findIndex((item) => item.trim() !== '' && !choices.includes(item.trim()))
  if (stranger >= 0) return { ...oneOf(choices, written[stranger]!.trim()), item: stranger }
  return items.length > 0 ? { value: items.join(',') } : oneOf(choices, '')
}

type NumberConfig = Extract<TopicConfig, { min: bigint }>

const units: Readonly<Record<NumberConfig['kind'], readonly [what: string, hint?: string]>> = {
  duration: ['a duration', 'durations are `500ms`, `10s`, `1h30m`, `7d`, or a number of milliseconds'],
  size: ['a size', 'sizes are `512MiB`, `1GiB`, `10kB`, or a number of bytes'],
  int: ['a whole number'],
  long: ['a whole number'],
}

/** Whole numbers go through as BigInt: Kafka's largest ones are beyond what a number holds exactly. */
function readNumber(config: NumberConfig, text: string): ConfigReading {
  const { kind, min, max, not } = config
  const number = /^-?\d{1,19}$/.test(text) ? BigInt(text) : withUnit(kind, text)
  const [what, hint] = units[kind]
  if (number === undefined) return { expected: what, ...(hint !== undefined && { hint }) }
  if (number >= min && number <= max && number !== not) return { value: String(number) }
  const bounds = number > max ? `of at most ${max}` : number === not ? `other than ${not}` : `of at least ${min}`
  return { expected: `${what} ${bounds}` }
}

function withUnit(kind: NumberConfig['kind'], text: string): bigint | undefined {
  const number = kind === 'duration' ? parseDuration(text) : kind === 'size' ? parseSize(text) : undefined
  return number === undefined ? undefined : BigInt(number)
}
