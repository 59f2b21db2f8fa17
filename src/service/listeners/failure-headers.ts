// What a retry or dead-letter record tells of the record that failed. Key, value and the record's own headers stay as they were.
import type { Headers, InRecord } from '../../kafka/driver/port.ts'

/** Where a record was first, and how often it was tried. */
export interface Origin {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  /** attempts that were made already */
  readonly attempts: number
  /** when it may be tried again, in milliseconds since 1970; 0 for at once */
  readonly due: number
}

export interface FailureTold {
  readonly group: string
  readonly attempts: number
  /** of a record that is tried again */
  readonly due?: number
  readonly error: unknown
  /** without the error's message and stack, where the record is too large with them */
  readonly isBrief?: boolean
}

const prefix = 'evplat.'
const longestMessage = 1024
const longestStack = 4096

function lastValue(headers: Headers, name: string): string | undefined {
  return headers.findLast(([key]) => key === name)?.[1]?.toString('utf8')
}

function wholeNumber(headers: Headers, name: string): number | undefined {
  const text = lastValue(headers, name)
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}

/** The origin of a record of a topic that its producers write to. */
export function firstOrigin(record: InRecord): Origin {
  const { topic, partition, offset, timestamp } = record
  return { topic, partition, offset, timestamp, attempts: 0, due: 0 }
}

/** The origin of a record of a retry topic; what its headers do not tell is taken from where it stands now. */
export function originOf(record: InRecord, topic: string): Origin {
  const { headers } = record
  return {
    topic,
    partition: wholeNumber(headers, 'evplat.original-partition') ?? record.partition,
    offset: wholeNumber(headers, 'evplat.original-offset') ?? record.offset,
    timestamp: wholeNumber(headers, 'evplat.original-timestamp') ?? record.timestamp,
    attempts: wholeNumber(headers, 'evplat.attempts') ?? 1,
    due: wholeNumber(headers, 'evplat.due') ?? 0,
  }
}

/** The first `longest` bytes of a text, without half a character at the end. */
function capped(text: string, longest: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= longest) return text
  return bytes
    .subarray(0, longest)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
}

/** Headers for a retry or dead-letter record: the record's own in their order, then ours: the first origin, the last error. */
export function failureHeaders(headers: Headers, origin: Origin, told: FailureTold): Headers {
  const { error } = told
  const ours: [string, string][] = [
    ['original-topic', origin.topic],
    ['original-partition', `${origin.partition}`],
    ['original-offset', `${origin.offset}`],
    ['original-timestamp', `${origin.timestamp}`],
    ['group', told.group],
    ['attempts', `${told.attempts}`],
    ...(told.due === undefined ? [] : [['due', `${told.due}`] as [string, string]]),
    ['error-class', capped(error instanceof Error ? error.name : typeof error, longestMessage)],
    ...(told.isBrief === true ? [] : errorText(error)),
  ]
  const names = new Set(allNames)
  const own = headers.filter(([name]) => !names.has(name))
  return [...own, ...ours.map(([name, text]) => [prefix + name, Buffer.from(text)] as const)]
}

function errorText(error: unknown): [string, string][] {
  if (!(error instanceof Error)) return [['error-message', capped(String(error), longestMessage)]]
  const message: [string, string] = ['error-message', capped(error.message, longestMessage)]
  return error.stack === undefined ? [message] : [message, ['error-stack', capped(error.stack, longestStack)]]
}

const allNames = [
  'original-topic',
  'original-partition',
  'original-offset',
  'original-timestamp',
  'group',
  'attempts',
  'due',
  'error-class',
  'error-message',
  'error-stack',
].map((name) => prefix + name)
