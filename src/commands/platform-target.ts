// The platform of a command, and where its environment is.
import { EvplatError } from '../core/errors.ts'
import type { Finding } from '../core/finding.ts'
import { loadPlatform } from '../platform/load.ts'
import type { Platform } from '../platform/platform.ts'
import { findLocalEndpoints } from '../stack/endpoints.ts'
import type { Context } from './context.ts'
import { type Addresses, type TargetInput, addressesGiven } from './addresses.ts'

export interface PlatformTarget extends Addresses {
  readonly platform: Platform
  /** warnings and infos of the file */
  readonly findings: readonly Finding[]
  /** what the stack does otherwise than the file says; a line each */
  readonly notes: readonly string[]
}

const localEnvironment = 'local'

/** Loads platform.yaml for the chosen environment. Throws `platform-invalid` with everything that is wrong. */
export async function loadSoundPlatform(
  input: Pick<TargetInput, 'file' | 'env'>,
  context: Context,
): Promise<{ platform: Platform; findings: readonly Finding[] }> {
  const { platform, findings } = await loadPlatform({
    file: input.file ?? 'platform.yaml',
    cwd: context.cwd,
    environment: input.env ?? localEnvironment,
    env: context.env,
  })
  if (platform) return { platform, findings }
  const errors = findings.filter((finding) => finding.severity === 'error')
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`
  throw new EvplatError('platform-invalid', `${input.file ?? 'platform.yaml'} has ${count}`, { findings })
}

/** Where the platform's environment is; `--bootstrap` and `--registry` win over what the file says. */
async function addressesOf(platform: Platform, input: TargetInput): Promise<Addresses & Pick<PlatformTarget, 'notes'>> {
  const { cluster, registry, name } = platform.environment
  const given = addressesGiven(input)
  const isLocal = name === localEnvironment && given.bootstrap === undefined
  const local = isLocal ? await findLocalEndpoints(platform.folder, platform.stack) : undefined
  const known = cluster ?? { bootstrap: local?.bootstrap ?? [] }
  const knownRegistry = registry ?? (local && { url: local.registryUrl })
  const chosenRegistry = given.registry ? { ...registry, ...given.registry } : knownRegistry
  return {
    cluster: given.bootstrap ? { ...known, bootstrap: given.bootstrap } : known,
    ...(chosenRegistry && { registry: chosenRegistry }),
    isLocal,
    notes: local?.notes ?? [],
  }
}

/** The platform and where it is applied. */
export async function platformTarget(input: TargetInput, context: Context): Promise<PlatformTarget> {
  const { platform, findings } = await loadSoundPlatform(input, context)
  return { platform, findings, ...(await addressesOf(platform, input)) }
}

/** The same for commands that look at everything declared: they say what of it the stack does otherwise, as `up` and `status` do. */
export async function declaredTarget(input: TargetInput, context: Context): Promise<PlatformTarget> {
  const to = await platformTarget(input, context)
  for (const note of to.notes) context.say(note)
  return to
}
