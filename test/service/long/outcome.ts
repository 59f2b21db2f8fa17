// What a scenario has to say in the end.
import type { Audit } from './audit.ts'
import type { Instance } from './instances.ts'

export interface Outcome {
  readonly figures: Readonly<Record<string, unknown>>
  readonly problems: readonly string[]
}

type Audited = Audit & { readonly behind: readonly string[] }

const some = (all: readonly unknown[], what: string): string[] =>
  all.length > 0 ? [`${all.length} ${what}: ${all.slice(0, 10).join(' ')}`] : []

/** `most`: events that may be handled again; `more`: figures of the scenario. */
export function outcome(audit: Audited, most: number, more: object, problems: readonly string[] = []): Outcome {
  const { handled, lost, duplicates, outOfOrder, behind } = audit
  return {
    figures: { handled, duplicates, most, ...more },
    problems: [
      ...some(lost, 'events are lost'),
      ...some(outOfOrder, 'events came behind later ones of their key'),
      ...(duplicates > most ? [`${duplicates} events were handled again, at most ${most} may be`] : []),
      ...some(behind, 'partitions are not committed to their end'),
      ...problems,
    ],
  }
}

/** Codes of instances that were told to end. */
export const notZero = (codes: readonly (number | string)[]): string[] =>
  codes.flatMap((code, i) => (code === 0 ? [] : [`SIGTERM ${i + 1} ended with ${code}`]))

/** Instances that did not live through it. */
export const exited = (instances: readonly Instance[]): string[] =>
  instances
    .filter(({ child }) => child.exitCode !== null || child.signalCode !== null)
    .map((instance) => `an instance has ended:\n${instance.log().slice(-2000)}`)
