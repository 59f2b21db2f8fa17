// The logs of a service: for machines in production, for people in dev; one tree of levels for both.
import { createStyle } from '../../core/style.ts'
import type { LogLevel } from '../config/settings.ts'
import type { Log } from '../definition.ts'
import { currentFields } from '../under-way.ts'
import { jsonWriter } from './json-writer.ts'
import { createLevels } from './levels.ts'
import { plainFields, plainText } from './plain.ts'
import { type Line, textLine } from './text-line.ts'
import type { Logs } from './words.ts'

export interface LogsOptions {
  readonly service: string
  readonly format: 'json' | 'text'
  /** by name of the logger; ROOT is the one above all */
  readonly levels: Readonly<Record<string, LogLevel>>
  /**
   * Takes whole lines, in order. What it throws is dropped: a log that nobody takes ends no service. A stream that fails later (a
   * broken pipe on stdout is an `error` event) is for the caller to listen to.
   */
  readonly write: (text: string) => void
  /** resolves when what `write` was given is out; at once without it */
  readonly written?: () => Promise<void>
  /** for text */
  readonly colour: boolean
  /** fields of every line; those of `withFields` unless given */
  readonly context?: () => object
  /** milliseconds since 1970 */
  readonly now?: () => number
}

/** Nothing that is logged makes a logger throw: not its values, not who takes the lines. */
export function createLogs(options: LogsOptions): Logs {
  const { service, format, context = currentFields, now = Date.now } = options
  const levels = createLevels(options.levels)
  const put = (text: string): void => {
    try {
      options.write(text)
    } catch {
      // nobody is left to tell
    }
  }
  const style = createStyle(options.colour)
  const writeLine = format === 'json' ? jsonWriter(service, put) : (line: Line): void => put(textLine(line, style))
  const logger = (name: string): Log => {
    const place = levels.add(name)
    const tell = (level: Line['level']) => (fields: object, message: string) => {
      if (!place.isOn(level)) return
      const all = { ...plainFields(context()), ...plainFields(fields) }
      writeLine({ time: now(), level, logger: name, message: plainText(message), fields: all })
    }
    return { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') }
  }
  return { logger, loggers: levels.loggers, flush: async () => options.written?.() }
}
