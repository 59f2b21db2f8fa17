// What the options of a command say of where it works.
import type { ClusterSettings, RegistrySettings } from '../core/connection-settings.ts'

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
