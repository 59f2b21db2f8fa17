// Listeners that others look at before they run.
import type { ListenerFacts } from '../actuator/ports.ts'

export interface LateListeners extends ListenerFacts {
  attach(facts: ListenerFacts): void
}

/** Joining, with nothing, until the true ones are attached. */
export function lateListeners(group: string): LateListeners {
  const begun = performance.now()
  let facts: ListenerFacts | undefined
  return {
    group,
    attach: (running) => {
      facts = running
    },
    state: () => facts?.state() ?? { is: 'joining', forMs: performance.now() - begun, wasMember: false },
    list: () => facts?.list() ?? [],
    pause: (topic) => facts?.pause(topic) ?? false,
    resume: (topic) => facts?.resume(topic) ?? false,
    seek: (topic, to) => facts?.seek(topic, to),
  }
}
