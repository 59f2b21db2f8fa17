// From the options of a command to the cluster and the registry that it works on.
import type { ClusterSettings, RegistrySettings } from '../core/connection-settings.ts'
import type { Platform } from '../platform/platform.ts'
import type { Context } from './context.ts'

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

/** What `--bootstrap` and `--registry` say. */
export function addressesGiven({ bootstrap, registry }: TargetInput): {
  bootstrap?: readonly string[]
  registry?: RegistrySettings
} {
  return {
    ...(bootstrap !== undefined && { bootstrap: bootstrap.split(',') }),
    ...(registry !== undefined && { registry: { url: registry } }),
  }
}

/** Where to go, with the platform where one is meant: `--bootstrap` alone needs no platform.yaml, and loads nothing that reads one. */
export async function target(input: TargetInput, context: Context): Promise<Addresses & { platform?: Platform }> {
  const { bootstrap, registry } = addressesGiven(input)
  if (bootstrap && input.file === undefined && input.env === undefined)
    return { cluster: { bootstrap }, ...(registry && { registry }), isLocal: false }
  const { platformTarget } = await import('./platform-target.ts')
  return platformTarget(input, context)
}
