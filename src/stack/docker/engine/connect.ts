// dockerode as the port `Engine`. Loading this loads dockerode.
import { Agent } from 'node:https'
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

/** The engine at a candidate that has answered. Rejects with what the file system says of its certificates. */
export async function connectEngine(
  { address, title: place }: Candidate,
  { product, version, api }: EngineFacts,
  env: Client['env'],
): Promise<Engine> {
  if (!address) throw new Error(`${place} has answered and has no address`)
  const tls = address.kind === 'host' && address.tls ? await readTls(address.tls) : undefined
  const docker = new Docker({
    version: `v${isOlder(api, newestApi) ? api : newestApi}`,
    // what is left out here the client would take from the variables of this process
    ...(address.kind === 'socket'
      ? { socketPath: address.path, host: undefined, port: undefined }
      : { socketPath: undefined, host: address.host, port: address.port }),
    protocol: tls ? 'https' : 'http',
    ca: undefined,
    cert: undefined,
    key: undefined,
    timeout: undefined,
    ...(tls && { agent: new Agent({ ...tls, keepAlive: true }) }),
  } as Docker.DockerOptions)
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
