// The logs of the servers of a stack: the last lines of each in the order of their times, and those that come.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { didYouMean } from '../core/did-you-mean.ts'
import { EvplatError } from '../core/errors.ts'
import { layoutOf, logFile, stackFolders } from './layout.ts'
import { followLog, lastLines } from './processes/follow-log.ts'
import { readStackFile } from './stack-file.ts'

export interface LogLine {
  readonly server: string
  readonly line: string
}

/** The server in whose process another one is served, and in whose log its lines are; undefined for one with a log of its own. */
export async function hostOf(folder: string, server: string): Promise<string | undefined> {
  const record = await readStackFile(layoutOf(folder))
  return record?.servers.find(({ name }) => name === server)?.host
}

/** The servers that have written a log, by name; all of them, or the one that is asked for. Throws `stack-missing` or `usage`. */
export async function serversWithLogs(folder: string, wanted: string | undefined): Promise<string[]> {
  const files = await readdir(join(layoutOf(folder).root, stackFolders.logs)).catch(() => [])
  const names = files
    .filter((name) => name.endsWith('.log') && !name.startsWith('hs_err'))
    .map((name) => name.slice(0, -4))
  if (names.length === 0)
    throw new EvplatError('stack-missing', 'the stack has not been started, so there are no logs', {
      hint: 'start it with `evplat up`',
    })
  if (wanted === undefined) return names.toSorted()
  if (names.includes(wanted)) return [wanted]
  const guess = didYouMean(wanted, names)
  throw new EvplatError('usage', `there is no server "${wanted}"`, {
    hint: guess === '' ? `one of ${names.toSorted().join(', ')}` : guess,
  })
}

/** ISO 8601; PostgreSQL has a space where the T is, MongoDB writes JSON */
const time = /^(?:\{"t":\{"\$date":")?(\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d[^\s"]*| \d\d:\d\d:\d\d\S* UTC))/

/** Lines of several servers as one: by time, where a line without one (a stack trace) stays below the line that it belongs to. */
export function mergeByTime(logs: readonly (readonly LogLine[])[]): LogLine[] {
  const timed = logs.flatMap((lines) => {
    let last = -Infinity
    return lines.map((line) => {
      const stamp = Date.parse(time.exec(line.line)?.[1] ?? '')
      // a clock that was set back must not tear an entry apart
      last = Number.isNaN(stamp) ? last : Math.max(last, stamp)
      return { line, at: last }
    })
  })
  return timed.toSorted((a, b) => a.at - b.at || 0).map(({ line }) => line)
}

const pathOf = (folder: string, server: string): string => join(layoutOf(folder).root, logFile(server))

/** The last `count` lines of each server, together. */
export async function readLogs(folder: string, servers: readonly string[], count: number): Promise<LogLine[]> {
  const logs = servers.map(async (server) => linesOf(server, await lastLines(pathOf(folder, server), count)))
  return mergeByTime(await Promise.all(logs))
}

const linesOf = (server: string, lines: readonly string[]): LogLine[] => lines.map((line) => ({ server, line }))

const pauseMs = 200

/** The last lines, then those that come, until the signal aborts. */
export async function* followLogs(
  folder: string,
  servers: readonly string[],
  count: number,
  signal: AbortSignal,
): AsyncGenerator<LogLine[]> {
  const logs = await Promise.all(
    servers.map(async (server) => ({
      server,
      path: pathOf(folder, server),
      log: await followLog(pathOf(folder, server)),
    })),
  )
  try {
    const before = logs.map(async ({ server, path, log }) => linesOf(server, await lastLines(path, count, log.start)))
    yield mergeByTime(await Promise.all(before))
    while (!signal.aborted) {
      const lines = mergeByTime(
        await Promise.all(logs.map(async ({ server, log }) => linesOf(server, await log.next()))),
      )
      if (lines.length > 0) yield lines
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  } finally {
    await Promise.all(logs.map(({ log }) => log.close()))
  }
}
