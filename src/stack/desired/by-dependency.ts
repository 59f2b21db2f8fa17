import { allOrNone } from '../../core/all-or-none.ts'

interface Dependent {
  readonly name: string
  readonly dependsOn: readonly string[]
}

/**
 * Does a work for each server as soon as it is done for those that the server depends on; `servers` are in an order in which none stands
 * before what it depends on. When one fails the others are told by their signal and waited for.
 */
export function byDependency<S extends Dependent, T>(
  servers: readonly S[],
  outer: AbortSignal,
  work: (server: S, signal: AbortSignal) => Promise<T>,
): Promise<T[]> {
  return allOrNone(outer, (signal) => {
    const done = new Map<string, Promise<T>>()
    for (const server of servers) {
      const needed = Promise.all(server.dependsOn.map((name) => done.get(name) ?? Promise.resolve()))
      done.set(
        server.name,
        needed.then(() => work(server, signal)),
      )
    }
    return done.values()
  })
}
