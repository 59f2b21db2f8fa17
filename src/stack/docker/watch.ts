// What happens to the containers of a project while it is worked on: one stream of the engine's events instead of many questions.
import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerEvent, Engine } from './engine/engine.ts'

export interface Watch {
  /** whether the container has ended since it was started last. Throws `engine-away` where the engine does not tell any more */
  readonly hasEnded: (id: string) => boolean
  readonly close: () => void
}

type Watched = Pick<Engine, 'events' | 'containers'>
type Labels = Readonly<Record<string, string>>

/** before a stream that has broken is opened anew, in milliseconds: an engine that ends closes its streams first */
const pauseMs = 500

/** Begins to watch; what happens from then on is seen, also where the stream of events breaks and the engine still answers. */
export async function watchContainers(engine: Watched, labels: Labels, signal: AbortSignal): Promise<Watch> {
  const closed = new AbortController()
  const end = AbortSignal.any([signal, closed.signal])
  const ended = new Set<string>()
  let problem: Error | undefined
  const first = await engine.events(labels, end)
  const follow = async (): Promise<void> => {
    for (let events = first; !end.aborted; events = await openAnew({ engine, labels, ended, signal: end }))
      await noteAll(events, ended)
  }
  follow().catch((thrown: unknown) => (problem = thrown instanceof Error ? thrown : new Error(String(thrown))))
  return {
    hasEnded: (id) => {
      if (problem && !end.aborted) throw problem
      return ended.has(id)
    },
    close: () => closed.abort(),
  }
}

/** Resolves when the stream is over, whatever ended it: whether the engine is still there is seen by asking it. */
async function noteAll(events: AsyncIterable<ContainerEvent>, ended: Set<string>): Promise<void> {
  try {
    for await (const { id, action } of events) {
      if (action === 'start') ended.delete(id)
      if (action === 'die') ended.add(id)
    }
  } catch {
    // it has broken
  }
}

interface Reopening {
  readonly engine: Watched
  readonly labels: Labels
  readonly ended: Set<string>
  readonly signal: AbortSignal
}

/** Rejects with what the engine says, or with `engine-away`. What ended meanwhile is noted. */
async function openAnew({ engine, labels, ended, signal }: Reopening): Promise<AsyncIterable<ContainerEvent>> {
  await sleep(pauseMs, undefined, { signal })
  const events = await engine.events(labels, signal)
  for (const { id, state } of await engine.containers(labels)) if (state === 'exited' || state === 'dead') ended.add(id)
  return events
}
