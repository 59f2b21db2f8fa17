// The services that run, and those that are wanted.
import type { Program, Supervised } from './supervise.ts'

export interface DevService extends Program {
  readonly name: string
}

export interface Fleet {
  readonly services: () => readonly DevService[]
  /** starts what is wanted and does not run, stops what is not wanted, and starts anew what is wanted otherwise */
  readonly bringTo: (wanted: readonly DevService[]) => Promise<void>
  readonly restart: (name: string) => void
}

/** `start` starts a program that is kept up until it is stopped. */
export function createFleet(start: (service: DevService) => Supervised): Fleet {
  const running = new Map<string, { readonly service: DevService; readonly program: Supervised }>()
  const stop = async (name: string): Promise<void> => {
    const one = running.get(name)
    running.delete(name)
    await one?.program.stop()
  }
  return {
    services: () => [...running.values()].map(({ service }) => service),
    restart: (name) => running.get(name)?.program.restart(),
    bringTo: async (wanted) => {
      const byName = new Map(wanted.map((service) => [service.name, service]))
      const gone = [...running].filter(([name, { service }]) => !isSame(service, byName.get(name)))
      await Promise.all(gone.map(([name]) => stop(name)))
      for (const service of wanted)
        if (!running.has(service.name)) running.set(service.name, { service, program: start(service) })
    },
  }
}

function isSame(one: DevService, other: DevService | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
