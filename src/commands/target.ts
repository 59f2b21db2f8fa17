// From the options of a command to the cluster and the registry that it works on.
import type { Platform } from '../platform/platform.ts'
import { type Addresses, addressesGiven, type TargetInput } from './addresses.ts'
import type { Context } from './context.ts'

/** Where to go, with the platform where one is meant: `--bootstrap` alone needs no platform.yaml, and loads nothing that reads one. */
export async function target(input: TargetInput, context: Context): Promise<Addresses & { platform?: Platform }> {
  const { bootstrap, registry } = addressesGiven(input)
  if (bootstrap && input.file === undefined && input.env === undefined)
    return { cluster: { bootstrap }, ...(registry && { registry }), isLocal: false }
  const { platformTarget } = await import('./platform-target.ts')
  return platformTarget(input, context)
}

/** The same for a command that asks the registry alone: `--registry` alone is enough for it. */
export async function registryTarget(
  input: TargetInput,
  context: Context,
): Promise<Pick<Addresses, 'registry'> & { platform?: Platform }> {
  const { registry } = addressesGiven(input)
  return registry && input.file === undefined && input.env === undefined ? { registry } : target(input, context)
}
