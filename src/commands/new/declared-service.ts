import { didYouMean } from '../../core/did-you-mean.ts'
import { EvplatError } from '../../core/errors.ts'
import type { Platform, Service } from '../../platform/platform.ts'

/** The service of that name. Throws `not-declared` where platform.yaml declares none. */
export function declaredService({ file, services }: Platform, name: string): Service {
  const service = services.find((each) => each.name === name)
  if (service) return service
  const known = services.map((each) => each.name)
  throw new EvplatError('not-declared', `"${file}" declares no service "${name}"`, {
    hint: didYouMean(name, known) || `\`evplat new service ${name}\``,
  })
}
