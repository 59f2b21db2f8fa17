// Opens the cluster (and the registry) of a target for the time of one command, and closes them whatever happens.
import type { Ports } from '../apply/ports.ts'
import { EvplatError } from '../core/errors.ts'
import { Cluster } from '../kafka/cluster.ts'
import { createRegistryClient } from '../registry/client.ts'
import type { Platform } from '../platform/platform.ts'
import type { RegistryClient } from '../registry/registry.ts'
import { clusterPort } from './cluster-port.ts'
import type { Context } from './context.ts'
import { registryPort } from './registry-port.ts'
import type { Addresses } from './addresses.ts'

type ClusterTarget = Pick<Addresses, 'cluster' | 'isLocal'> & { readonly platform?: Platform }

/** What is better to do next here, where more is known than a cluster can tell. */
function hintFor({ code, parts }: EvplatError, { isLocal, platform }: ClusterTarget): string | undefined {
  const { reason, topic } = parts.details ?? {}
  if (isLocal && reason === 'ECONNREFUSED') return 'is the stack running? `evplat up` starts it'
  if (code !== 'topic-missing' || platform?.topics.some(({ name }) => name === topic) !== true) return undefined
  const { name } = platform.environment
  return `it is declared and not there yet: \`evplat apply${name === 'local' ? '' : ` --env ${name}`}\` makes it`
}

function withBetterHint(thrown: unknown, to: ClusterTarget): unknown {
  const hint = thrown instanceof EvplatError ? hintFor(thrown, to) : undefined
  if (!(thrown instanceof EvplatError) || hint === undefined) return thrown
  return new EvplatError(thrown.code, thrown.message, { ...thrown.parts, hint })
}

/** Runs `work` with a connection to the cluster. */
export async function withCluster<T>(
  to: ClusterTarget,
  context: Context,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  let cluster: Cluster | undefined
  try {
    cluster = await Cluster.connect(to.cluster, { signal: context.signal })
    return await work(cluster)
  } catch (thrown) {
    throw withBetterHint(thrown, to)
  } finally {
    cluster?.close()
  }
}

/** Runs `work` with a client of the registry. Throws `usage` when the target names none. */
export async function withRegistry<T>(
  to: Pick<Addresses, 'registry'>,
  context: Context,
  work: (registry: RegistryClient) => Promise<T>,
): Promise<T> {
  if (!to.registry)
    throw new EvplatError('usage', 'no Schema Registry is named', {
      hint: 'name it with --registry URL, or as `registry` of the environment in platform.yaml',
    })
  return work(createRegistryClient(to.registry, { signal: context.signal }))
}

/** Runs `work` with the ports of plan and apply. */
export function withPorts<T>(to: Addresses, context: Context, work: (ports: Ports) => Promise<T>): Promise<T> {
  return withCluster(to, context, async (cluster) => {
    const client = to.registry && createRegistryClient(to.registry, { signal: context.signal })
    return work({ cluster: clusterPort(cluster), ...(client && { registry: registryPort(client) }) })
  })
}
