// Follows the logs of containers: of those that run, and of those that are started meanwhile in their place.
import { setTimeout as sleep } from 'node:timers/promises'
import { groupBy } from '../../core/group-by.ts'
import { type LogLine, mergeByTime } from '../logs.ts'
import type { ContainerEvent, ContainerSummary, Engine } from './engine/engine.ts'
import { withoutTime } from './logs.ts'

/** before a stream of events that has ended is opened anew, in milliseconds */
const pauseMs = 500

export interface FollowedLogs {
  readonly engine: Engine
  /** of the project */
  readonly labels: Readonly<Record<string, string>>
  /** the containers as they are by now */
  readonly look: () => Promise<readonly ContainerSummary[]>
  readonly servers: readonly string[]
  /** last lines of each server, to begin with */
  readonly count: number
  readonly signal: AbortSignal
}

/** The last lines, then those that come, in the order in which the engine tells them, until the signal. Throws what the engine refuses. */
export async function* followContainerLogs({ signal, ...logs }: FollowedLogs): AsyncGenerator<LogLine[]> {
  const closed = new AbortController()
  const end = AbortSignal.any([signal, closed.signal])
  let lines: LogLine[] = []
  let failure: { readonly thrown: unknown } | undefined
  let wake = (): void => undefined
  const fail = (thrown: unknown): void => {
    failure ??= { thrown }
    wake()
  }
  end.addEventListener('abort', () => wake(), { once: true })
  const take = (line: LogLine): void => {
    lines.push(line)
    wake()
  }
  try {
    await readAll({ ...logs, signal: end }, take, fail)
    while (!end.aborted || lines.length > 0) {
      // what came together is told by time: the streams begin one after the other
      const batch = mergeByTime([...groupBy(lines, ({ server }) => server).values()]).map(withoutTime)
      lines = []
      if (batch.length > 0) yield batch
      else if (failure) throw failure.thrown
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    closed.abort()
  }
}

/** Begins to read, and goes on with every container that is started; resolves when it has begun. */
async function readAll(
  { engine, labels, look, servers, count, signal }: FollowedLogs,
  take: (line: LogLine) => void,
  fail: (thrown: unknown) => void,
): Promise<void> {
  const open = new Set<string>()
  const startedAgain = new Set<string>()
  const lastTimes = new Map<string, string>()
  const read = async ({ id, server }: ContainerSummary): Promise<void> => {
    do {
      startedAgain.delete(id)
      const before = lastTimes.get(id) ?? ''
      for await (const line of engine.logs(id, { tail: count, follow: true, signal })) {
        const time = line.slice(0, line.indexOf(' '))
        // what was told before the container was started again
        if (time <= before) continue
        lastTimes.set(id, time)
        take({ server, line })
      }
    } while (startedAgain.has(id) && !signal.aborted)
    open.delete(id)
  }
  const readNew = async (): Promise<void> => {
    for (const container of await look()) {
      if (!servers.includes(container.server) || open.has(container.id)) continue
      open.add(container.id)
      read(container).catch(fail)
    }
  }
  const noteStarts = async (events: AsyncIterable<ContainerEvent>): Promise<void> => {
    for await (const { id, action } of events) {
      if (action !== 'start') continue
      // its log may not have ended yet
      if (open.has(id)) startedAgain.add(id)
      else await readNew()
    }
  }
  const begin = async (): Promise<AsyncIterable<ContainerEvent>> => {
    const events = await engine.events(labels, signal)
    await readNew()
    return events
  }
  const goOn = async (first: AsyncIterable<ContainerEvent>): Promise<void> => {
    for (let events = first; !signal.aborted; events = await begin()) {
      await noteStarts(events)
      // an engine that ends closes its streams: whether it is still there is seen by asking it
      await sleep(pauseMs, undefined, { signal })
    }
  }
  goOn(await begin()).catch((thrown: unknown) => {
    if (!signal.aborted) fail(thrown)
  })
}
