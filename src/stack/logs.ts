// The logs of the servers of a stack: the last lines of each in the order of their times, and those that come.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { didYouMean } from '../core/did-you-mean.ts'
import { EvplatError } from '../core/errors.ts'
import { layoutOf, logFile, stackFolders } from './layout.ts'
import { followLog, lastLines } from './native/follow-log.ts'

export interface LogLine {
  readonly server: string
  readonly line: string
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

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*/

/** Lines of several servers as one: by time, where a line without one (a stack trace) stays below the line that it belongs to. */
export function mergeByTime(logs: readonly (readonly LogLine[])[]): LogLine[] {
  const timed = logs.flatMap((lines) => {
    let last = -Infinity
    return lines.map((line) => {
      const stamp = Date.parse(time.exec(line.line)?.[0] ?? '')
      // a clock that was set back must not tear an entry apart
      last = Number.isNaN(stamp) ? last : Math.max(last, stamp)
      return { line, at: last }
    })
  })
  return timed.toSorted((a, b) => a.at - b.at || 0).map(({ line }) => line)
}

/** The last `count` lines of each server, together. */
export async function readLogs(folder: string, servers: readonly string[], count: number): Promise<LogLine[]> {
  const { root } = layoutOf(folder)
  const logs = servers.map(async (server) =>
    (await lastLines(join(root, logFile(server)), count)).map((line) => ({ server, line })),
  )
  return mergeByTime(await Promise.all(logs))
}

const pauseMs = 200

/** The last lines, then those that come, until the signal aborts. */
export async function* followLogs(
  folder: string,
  servers: readonly string[],
  count: number,
  signal: AbortSignal,
): AsyncGenerator<LogLine[]> {
  const { root } = layoutOf(folder)
  // the followers open first: a line may then be told twice at most by a log that grows meanwhile, and none is lost
  const followers = await Promise.all(
    servers.map(async (server) => ({ server, log: await followLog(join(root, logFile(server))) })),
  )
  try {
    yield await readLogs(folder, servers, count)
    while (!signal.aborted) {
      const logs = followers.map(async ({ server, log }) => (await log.next()).map((line) => ({ server, line })))
      const lines = mergeByTime(await Promise.all(logs))
      if (lines.length > 0) yield lines
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  } finally {
    await Promise.all(followers.map(({ log }) => log.close()))
  }
}
