// dockerode as the port `Engine`. Loading this loads dockerode.
import { Agent } from 'node:https'
import { env as variables } from 'node:process'
import Docker from 'dockerode'
import { readTls, type EngineFacts, isOlder } from './discovery/ask-engine.ts'
import type { Candidate } from './discovery/candidates.ts'
import { buildCalls } from './build.ts'
import type { Client } from './client.ts'
import { containerCalls } from './containers.ts'
import type { Engine } from './engine.ts'
import { eventCalls } from './events.ts'
import { imageCalls } from './images.ts'
import { logCalls } from './logs.ts'
import { memoryCalls } from './memory.ts'
import { networkCalls } from './networks.ts'
import { volumeCalls } from './volumes.ts'

/** the API of Docker 27: what is used here is written for it */
const newestApi = '1.47'

/** The engine at a candidate that has answered. Throws `file-unusable` for its certificates. */
export async function connectEngine(
  { address, title: place }: Candidate,
  { product, version, api }: EngineFacts,
  env: Client['env'],
): Promise<Engine> {
  if (!address) throw new Error(`${place} has answered and has no address`)
  const tls = address.kind === 'host' && address.tls ? await readTls(address.tls) : undefined
  const docker = newClient({
    version: `v${isOlder(api, newestApi) ? api : newestApi}`,
    ...(address.kind === 'socket' ? { socketPath: address.path } : { host: address.host, port: address.port }),
    protocol: tls ? 'https' : 'http',
    ...(tls && { agent: new Agent({ ...tls, keepAlive: true }) }),
  })
  const client: Client = { docker, title: `${product} ${version} at ${place}`, env }
  return {
    title: client.title,
    ...containerCalls(client),
    ...imageCalls(client),
    ...buildCalls(client),
    ...networkCalls(client),
    ...volumeCalls(client),
    ...logCalls(client),
    ...eventCalls(client),
    ...memoryCalls(client),
  }
}

/**
 * A client that is as it is told. By itself it would read DOCKER_HOST and all that goes with it, and throw where a certificate is not
 * there, whether it is needed or not.
 */
function newClient(options: Docker.DockerOptions): Docker {
  const { DOCKER_HOST: host } = variables
  delete variables['DOCKER_HOST']
  try {
    return new Docker(options)
  } finally {
    if (host !== undefined) variables['DOCKER_HOST'] = host
  }
}
