import { didYouMean } from '../../core/did-you-mean.ts'
import { EvplatError } from '../../core/errors.ts'
import type { RegistryClient } from '../../registry/registry.ts'

/** The error for a subject that the registry does not have, with the name that may be meant. */
export async function missingSubject(registry: RegistryClient, name: string): Promise<EvplatError> {
  const guess = didYouMean(name, await registry.subjects())
  return new EvplatError('subject-missing', `there is no subject "${name}"`, {
    hint: guess === '' ? 'see `evplat schemas list`' : guess,
  })
}
