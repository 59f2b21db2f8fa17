// Which servers of a stack are meant when some are named.
import { didYouMean } from '../../core/did-you-mean.ts'
import { EvplatError } from '../../core/errors.ts'

interface Choosable {
  readonly name: string
  readonly dependsOn: readonly string[]
}

/** The names of the wanted servers and of all that they need, in the order of the stack; all where none is wanted. Throws `usage`. */
export function chooseServers(servers: readonly Choosable[], wanted: readonly string[]): string[] {
  const names = requireServers(servers, wanted)
  const chosen = new Set<string>()
  const choose = (name: string): void => {
    if (chosen.has(name)) return
    chosen.add(name)
    for (const needed of servers.find((server) => server.name === name)?.dependsOn ?? []) choose(needed)
  }
  for (const name of names) choose(name)
  return servers.map(({ name }) => name).filter((name) => chosen.has(name))
}

/** The wanted names, or those of all servers where none is wanted; `kafka` stands for all brokers. Throws `usage` for one that is not there. */
export function requireServers(servers: readonly { readonly name: string }[], wanted: readonly string[]): string[] {
  const all = servers.map(({ name }) => name)
  if (wanted.length === 0) return all
  return wanted.flatMap((name) => {
    if (all.includes(name)) return [name]
    const brokers = all.filter((one) => /^kafka-\d+$/.test(one))
    if (name === 'kafka' && brokers.length > 0) return brokers
    const guess = didYouMean(name, all)
    throw new EvplatError('usage', `the stack has no server "${name}"`, {
      hint: guess === '' ? `one of ${all.join(', ')}` : guess,
    })
  })
}
