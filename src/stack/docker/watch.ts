// What happens to the containers of a project while it is worked on: one stream of the engine's events instead of many questions.
import type { ContainerEvent, Engine } from './engine/engine.ts'

export interface Watch {
  /** whether the container has ended since it was started last */
  readonly hasEnded: (id: string) => boolean
  readonly close: () => void
}

/** Begins to watch; what happens from then on is seen. A stream that breaks tells of no end: the next request says why. */
export async function watchContainers(
  engine: Engine,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Watch> {
  const ended = new Set<string>()
  const closed = new AbortController()
  const events = await engine.events(labels, AbortSignal.any([signal, closed.signal]))
  const follow = async (): Promise<void> => {
    for await (const event of events) note(event, ended)
  }
  void follow().catch(() => undefined)
  return { hasEnded: (id) => ended.has(id), close: () => closed.abort() }
}

function note({ id, action }: ContainerEvent, ended: Set<string>): void {
  if (action === 'start') ended.delete(id)
  if (action === 'die') ended.add(id)
}
