// A line for machines, by pino: one object of JSON each.
import { pino } from 'pino'
import type { Line } from './text-line.ts'

/** names that a line has itself; fields of these names get an underscore before them */
const ownNames = new Set(['time', 'level', 'service', 'logger', 'message'])
// JSON may have these as they are, terminals obey some of them
const steering = /[\u007f-\u009f\u2028\u2029]/g
const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Writes `{"level","time","service","logger",...fields,"message"}` and a newline for each line. */
export function jsonWriter(service: string, write: (text: string) => void): (line: Line) => void {
  const log = pino(
    {
      level: 'trace',
      base: { service },
      messageKey: 'message',
      // errors are plain data already
      serializers: { err: (value: unknown) => value },
      timestamp: false,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (text) => write(text.replace(steering, escaped)) },
  )
  return ({ time, level, logger, message, fields }) => {
    const told: Record<string, unknown> = { time: new Date(time).toISOString(), logger }
    for (const [name, value] of Object.entries(fields)) told[ownNames.has(name) ? `_${name}` : name] = value
    log[level](told, message)
  }
}
