// The logs of containers, from the engine: it keeps the time of each line, by which those of several servers become one.
import { didYouMean } from '../../core/did-you-mean.ts'
import { EvplatError } from '../../core/errors.ts'
import { type LogLine, mergeByTime } from '../logs.ts'
import type { ContainerSummary, Engine } from './engine/engine.ts'

export interface ContainerLogs {
  readonly engine: Engine
  readonly containers: readonly ContainerSummary[]
  readonly servers: readonly string[]
  /** last lines of each server */
  readonly count: number
  readonly signal: AbortSignal
}

/** The servers that there are containers of, by name; or the one that is asked for. Throws `stack-missing` or `usage`. */
export function loggedServers(containers: readonly ContainerSummary[], wanted: string | undefined): string[] {
  const names = containers.map(({ server }) => server).toSorted()
  if (names.length === 0)
    throw new EvplatError('stack-missing', 'there are no containers of this stack, so there are no logs', {
      hint: 'start it with `evplat up`',
    })
  if (wanted === undefined) return names
  if (names.includes(wanted)) return [wanted]
  const guess = didYouMean(wanted, names)
  throw new EvplatError('usage', `there is no container of "${wanted}"`, {
    hint: guess === '' ? `one of ${names.join(', ')}` : guess,
  })
}

/** The last lines of each server, in the order of their times. */
export async function readContainerLogs(logs: ContainerLogs): Promise<LogLine[]> {
  const all = await Promise.all(
    chosen(logs).map(async ({ id, server }) => {
      const lines: LogLine[] = []
      for await (const line of logs.engine.logs(id, { tail: logs.count, follow: false, signal: logs.signal }))
        lines.push({ server, line })
      return lines
    }),
  )
  return mergeByTime(all).map(withoutTime)
}

const chosen = ({ containers, servers }: ContainerLogs): ContainerSummary[] =>
  containers.filter(({ server }) => servers.includes(server))

/** The engine's time stands before each line. */
export const withoutTime = ({ server, line }: LogLine): LogLine => ({ server, line: line.slice(line.indexOf(' ') + 1) })
