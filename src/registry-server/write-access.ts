import type { Scope } from './content.ts'
import { refusals } from './refusals.ts'
import { type RegistryState, modeFor } from './state.ts'

/** Throws 42205 where the mode of a subject, or of the registry, forbids to change it. */
export function checkWritable(state: RegistryState, scope: Scope): void {
  const mode = modeFor(state, scope)
  if (mode !== 'READONLY' && mode !== 'READONLY_OVERRIDE') return
  throw refusals.notPermitted(
    scope === null ? 'The registry is in read-only mode' : `Subject ${scope} is in read-only mode`,
  )
}
