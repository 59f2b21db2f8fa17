// What of a server's log says why it ended: the errors with their reasons, without stack traces and without what came before.
import { open } from 'node:fs/promises'
import { startMark } from './keeper.ts'

/** A line that begins an entry: the time, the level, the text. PostgreSQL writes `2026-11-23 10:00:00.000 UTC FATAL:  text`. */
const entryStart = /^\d{4}-\d\d-\d\d(?:T[\d:.]+\S*| [\d:.]+ UTC) (\w+):? +(.*)$/

const isTrace = (line: string): boolean => /^\s+at |^\s+\.\.\. \d+ more|^\s*$/.test(line)
/** `java.net.BindException: Address already in use`, also as a cause */
const isReason = (line: string): boolean => /^(Caused by: )?[\w.$]+(Exception|Error)\b/.test(line)

interface Entry {
  readonly level: string
  readonly lines: string[]
}

function entriesOf(lines: readonly string[]): Entry[] {
  const entries: Entry[] = []
  for (const line of lines) {
    const [, level, text] = entryStart.exec(line) ?? []
    if (level !== undefined && text !== undefined) entries.push({ level, lines: [text] })
    else if (!isTrace(line)) {
      const last = entries.at(-1)
      if (last) last.lines.push(line)
      else entries.push({ level: '', lines: [line] })
    }
  }
  return entries
}

/** The text of an entry without the name of the class that logged it. */
const withoutLogger = (text: string): string => text.replace(/ \([\w.$]+\)$/, '')

/** An error as few lines: what was being done, what went wrong, and what that came from at the end. */
function tell({ lines: [first = '', ...rest] }: Entry): string[] {
  const reasons = rest.filter(isReason)
  const last = reasons.at(-1)
  return [withoutLogger(first), ...reasons.slice(0, 1), ...(last !== undefined && reasons.length > 1 ? [last] : [])]
}

/** The lines, at most `most`, of one run of a server that tell why it ended; its last lines when no error stands among them. */
export function excerpt(log: string, most = 6): string[] {
  const run = log.slice(Math.max(0, log.lastIndexOf(startMark)))
  const lines = run.split('\n').filter((line) => line.trim() !== '' && !line.startsWith(startMark))
  const errors = entriesOf(lines).filter(({ level }) => level === 'ERROR' || level === 'FATAL')
  // the first error is often the cause and the others what came of it, so the first ones are kept
  const told = [...new Set(errors.flatMap(tell))]
  if (told.length > 0) return told.slice(0, most)
  return lines.filter((line) => !isTrace(line)).slice(-most)
}

/** The one line of an excerpt that says most: a reason if there is one. */
export function mainReason(lines: readonly string[]): string | undefined {
  const reasons = lines.filter(isReason)
  return reasons.at(-1)?.replace(/^Caused by: /, '') ?? lines[0]
}

const tailBytes = 128 * 1024

/** The end of a log file, or '' where there is none. */
export async function readTail(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return ''
  try {
    const { size } = await file.stat()
    const length = Math.min(size, tailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
