// Which servers of a stack are meant by the names that a command was given.
import { didYouMean } from '../../core/did-you-mean.ts'
import { EvplatError } from '../../core/errors.ts'
import { kindOf } from './servers.ts'

export interface Choosable {
  readonly name: string
  readonly dependsOn: readonly string[]
  /** the server whose process serves it */
  readonly host?: string
}

/** The servers of these names; `kafka` means all brokers. Without names all of them. Throws `usage` for a name that there is not. */
export function namedServers<T extends { readonly name: string }>(
  servers: readonly T[],
  wanted: readonly string[],
): readonly T[] {
  if (wanted.length === 0) return servers
  const names = servers.map(({ name }) => name)
  const known = new Set(names.some((name) => kindOf(name) === 'broker') ? ['kafka', ...names] : names)
  for (const name of wanted) {
    if (known.has(name)) continue
    const guess = didYouMean(name, known)
    throw new EvplatError('usage', `there is no server "${name}"`, {
      hint: guess === '' ? `one of ${[...known].toSorted().join(', ')}` : guess,
    })
  }
  const isNamed = (name: string): boolean =>
    wanted.includes(name) || (wanted.includes('kafka') && kindOf(name) === 'broker')
  return servers.filter(({ name }) => isNamed(name))
}

/**
 * The servers of these names with all that they depend on, and what the processes of those serve besides, in the order of the
 * stack. Without names all of them. Throws `usage` for a name that there is not.
 */
export function chooseServers<T extends Choosable>(servers: readonly T[], wanted: readonly string[]): readonly T[] {
  const chosen = new Set<string>()
  const add = (name: string): void => {
    if (chosen.has(name)) return
    chosen.add(name)
    for (const server of servers) {
      if (server.name === name) for (const needed of server.dependsOn) add(needed)
      if (server.host === name) add(server.name)
      // no broker is ready before it knows the others
      if (kindOf(name) === 'broker' && kindOf(server.name) === 'broker') add(server.name)
    }
  }
  for (const { name } of namedServers(servers, wanted)) add(name)
  return servers.filter(({ name }) => chosen.has(name))
}
