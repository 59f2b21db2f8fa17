// From the options of a command to the cluster and the registry that it works on.
import { type ClusterSettings, type RegistrySettings } from '../core/connection-settings.ts'
import { EvplatError } from '../core/errors.ts'
import { type Finding } from '../core/finding.ts'
import { loadPlatform } from '../platform/load.ts'
import { type Platform } from '../platform/platform.ts'
import { findLocalEndpoints } from '../stack/endpoints.ts'
import { type Context } from './context.ts'

/** The options that every command with a cluster has. */
export interface TargetInput {
  readonly file: string | undefined
  readonly env: string | undefined
  readonly bootstrap: string | undefined
  readonly registry: string | undefined
}

export interface Addresses {
  readonly cluster: ClusterSettings
  readonly registry?: RegistrySettings
  /** the stack of this machine: when nothing answers, `evplat up` helps */
  readonly isLocal: boolean
}

export interface PlatformTarget extends Addresses {
  readonly platform: Platform
  /** warnings and infos of the file */
  readonly findings: readonly Finding[]
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

function addressesGiven({ bootstrap, registry }: TargetInput): {
  bootstrap?: readonly string[]
  registry?: RegistrySettings
} {
  return {
    ...(bootstrap !== undefined && { bootstrap: bootstrap.split(',') }),
    ...(registry !== undefined && { registry: { url: registry } }),
  }
}

/** Where the platform's environment is; `--bootstrap` and `--registry` win over what the file says. */
async function addressesOf(platform: Platform, input: TargetInput): Promise<Addresses> {
  const { cluster, registry, name } = platform.environment
  const given = addressesGiven(input)
  const isLocal = name === localEnvironment && given.bootstrap === undefined
  const local = name === localEnvironment ? await findLocalEndpoints(platform.folder, platform.stack) : undefined
  const known = cluster ?? { bootstrap: local?.bootstrap ?? [] }
  const knownRegistry = registry ?? (local && isLocal ? { url: local.registryUrl } : undefined)
  const chosenRegistry = given.registry ? { ...registry, ...given.registry } : knownRegistry
  return {
    cluster: given.bootstrap ? { ...known, bootstrap: given.bootstrap } : known,
    ...(chosenRegistry && { registry: chosenRegistry }),
    isLocal,
  }
}

/** The platform and where it is applied. */
export async function platformTarget(input: TargetInput, context: Context): Promise<PlatformTarget> {
  const { platform, findings } = await loadSoundPlatform(input, context)
  return { platform, findings, ...(await addressesOf(platform, input)) }
}

/** Where to go, with the platform where one is meant: `--bootstrap` alone needs no platform.yaml. */
export async function target(input: TargetInput, context: Context): Promise<Addresses & { platform?: Platform }> {
  const { bootstrap, registry } = addressesGiven(input)
  if (!bootstrap || input.file !== undefined || input.env !== undefined) return platformTarget(input, context)
  return { cluster: { bootstrap }, ...(registry && { registry }), isLocal: false }
}
