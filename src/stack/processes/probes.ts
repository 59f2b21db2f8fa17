// Whether a server is ready: it is asked what its clients will ask it. A port that is open says too little.
import { get } from 'node:http'
import { counted } from '../../core/counted.ts'
import { messageOf, systemCode } from '../../core/errors.ts'
import { Cluster } from '../../kafka/cluster.ts'
import { kindOf } from '../desired/servers.ts'
import { askZooKeeper, isServing } from '../native/zookeeper-words.ts'

export interface Probe {
  /** why it is not ready, in a few words; undefined when it is */
  readonly problem?: string
  /** what a user should know of a server that is ready */
  readonly note?: string
  /** what a broker said */
  readonly clusterId?: string
}

export interface ServerAddress {
  readonly name: string
  readonly endpoint: string
}

/** How long one question may take, in milliseconds. */
const patienceMs = 2000

/** Asks a server once, at its published name and endpoint. `brokerCount` is how many brokers there are to be. Never rejects. */
export async function probe(server: ServerAddress, brokerCount: number): Promise<Probe> {
  const { name, endpoint } = server
  try {
    switch (kindOf(name)) {
      case 'zookeeper':
        return await probeZooKeeper(Number(endpoint.split(':')[1]))
      case 'broker':
        return await probeBroker(endpoint, brokerCount)
      case 'registry':
        return await probeHttp(`${endpoint}/subjects`)
      case 'faults':
        return await probeFaults(endpoint)
    }
  } catch (thrown) {
    return { problem: isRefused(thrown) ? 'nothing listens there yet' : messageOf(thrown) }
  }
}

async function probeZooKeeper(port: number): Promise<Probe> {
  return isServing(await askZooKeeper(port, 'srvr', patienceMs)) ? {} : { problem: 'it does not serve yet' }
}

/** A broker is ready when its metadata knows a controller and all brokers: until then it can't create a topic with copies. */
async function probeBroker(endpoint: string, brokerCount: number): Promise<Probe> {
  const cluster = await Cluster.connect(
    { bootstrap: [endpoint] },
    { connectTimeoutMs: patienceMs, requestTimeoutMs: patienceMs },
  )
  try {
    const { brokers, controllerId, clusterId } = await cluster.describe()
    if (brokers.size < brokerCount) return { problem: `it knows ${brokers.size} of ${brokerCount} brokers` }
    if (!brokers.has(controllerId)) return { problem: 'there is no controller yet' }
    return clusterId === null ? {} : { clusterId }
  } finally {
    cluster.close()
  }
}

async function probeHttp(url: string): Promise<Probe> {
  const { status } = await ask(url)
  return status === 200 ? {} : { problem: `it answers ${status}` }
}

/** Rules that are set are told: who forgot them would look for the fault elsewhere. */
async function probeFaults(url: string): Promise<Probe> {
  const { status, body } = await ask(url)
  if (status !== 200) return { problem: `it answers ${status}` }
  const count = (JSON.parse(body) as unknown[]).length
  if (count === 0) return {}
  return { note: `${counted(count, 'fault rule')} ${count === 1 ? 'is' : 'are'} set` }
}

function ask(url: string): Promise<{ readonly status: number | undefined; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: patienceMs }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.once('end', () => resolve({ status: response.statusCode, body }))
    })
    request.once('error', reject)
    request.once('timeout', () => request.destroy(new Error(`no answer within ${patienceMs} ms`)))
  })
}

function isRefused(thrown: unknown): boolean {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  return [thrown, cause].some((error) => systemCode(error) === 'ECONNREFUSED')
}
