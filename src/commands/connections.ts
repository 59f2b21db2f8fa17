// Opens the cluster (and the registry) of a target for the time of one command, and closes them whatever happens.
import type { Ports } from '../apply/ports.ts'
import { EvplatError } from '../core/errors.ts'
import { Cluster } from '../kafka/cluster.ts'
import { createRegistryClient } from '../registry/client.ts'
import type { RegistryClient } from '../registry/registry.ts'
import { clusterPort } from './cluster-port.ts'
import type { Context } from './context.ts'
import { registryPort } from './registry-port.ts'
import type { Addresses } from './addresses.ts'

const startHint = 'is the stack running? `evplat up` starts it'

/** Nothing answers on this machine: most likely the stack is not up. */
function withStartHint(thrown: unknown, { isLocal }: Addresses): unknown {
  const isAway =
    thrown instanceof EvplatError && (thrown.code === 'broker-unreachable' || thrown.code === 'registry-unreachable')
  if (!isLocal || !isAway || thrown.parts.hint?.includes('`evplat') === true) return thrown
  return new EvplatError(thrown.code, thrown.message, { ...thrown.parts, hint: startHint })
}

/** Runs `work` with a connection to the cluster. */
export async function withCluster<T>(
  to: Addresses,
  context: Context,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  let cluster: Cluster | undefined
  try {
    cluster = await Cluster.connect(to.cluster, { signal: context.signal })
    return await work(cluster)
  } catch (thrown) {
    throw withStartHint(thrown, to)
  } finally {
    cluster?.close()
  }
}

/** Runs `work` with a client of the registry. Throws `usage` when the target names none. */
export async function withRegistry<T>(
  to: Addresses,
  context: Context,
  work: (registry: RegistryClient) => Promise<T>,
): Promise<T> {
  if (!to.registry)
    throw new EvplatError('usage', 'no Schema Registry is named', {
      hint: 'name it with --registry URL, or as `registry` of the environment in platform.yaml',
    })
  try {
    return await work(createRegistryClient(to.registry, { signal: context.signal }))
  } catch (thrown) {
    throw withStartHint(thrown, to)
  }
}

/** Runs `work` with the ports of plan and apply. */
export function withPorts<T>(to: Addresses, context: Context, work: (ports: Ports) => Promise<T>): Promise<T> {
  return withCluster(to, context, async (cluster) => {
    const client = to.registry && createRegistryClient(to.registry, { signal: context.signal })
    return work({ cluster: clusterPort(cluster), ...(client && { registry: registryPort(client) }) })
  })
}
