// Whether a server is ready: it is asked what its clients will ask it. A port that is open says too little.
import { get } from 'node:http'
import { counted } from '../../core/counted.ts'
import { messageOf, systemCode } from '../../core/errors.ts'
import { membersOf } from '../databases/mongodb/uri.ts'
import { problemOf } from '../databases/mongodb/server.ts'
import { askPostgres } from '../databases/postgres/client.ts'
import { addressOf, mongoAdministrator } from '../databases/prepare-databases.ts'
import { Cluster } from '../../kafka/cluster.ts'
import { kindOf } from '../desired/servers.ts'
import type { Layout } from '../layout.ts'
import { findSecret } from '../secrets.ts'
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

export interface ProbeContext {
  /** where the passwords are */
  readonly layout: Layout
  /** how many brokers there are to be */
  readonly brokerCount: number
  /** what must happen once may happen: a MongoDB becomes a replica set */
  readonly isStarting: boolean
}

/** How long one question may take, in milliseconds. */
const patienceMs = 2000

/** Asks a server once, at its published name and endpoint. Never rejects. */
export async function probe(server: ServerAddress, context: ProbeContext): Promise<Probe> {
  const { name, endpoint } = server
  try {
    switch (kindOf(name)) {
      case 'zookeeper':
        return await probeZooKeeper(Number(endpoint.split(':')[1]))
      case 'broker':
        return await probeBroker(endpoint, context.brokerCount)
      case 'registry':
        return await probeHttp(`${endpoint}/subjects`)
      case 'faults':
        return await probeFaults(endpoint)
      case 'kafka-ui':
        return await probeHttp(`${endpoint}/actuator/health`)
      case 'postgres':
        return await probePostgres(endpoint, context)
      case 'mongodb':
        return await probeMongo(endpoint, context)
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

async function probePostgres(endpoint: string, { layout }: ProbeContext): Promise<Probe> {
  const password = await findSecret(layout, 'postgres')
  if (password === undefined) return { problem: 'its password is gone from .evplat/secrets' }
  await askPostgres({ ...addressOf(endpoint), password })
  return {}
}

/** how a MongoDB in a container is called by those beside it, and knows itself */
const mongoInside = 'mongodb:27017'

/** Where there is a password for its administrator, it runs in a container. */
async function probeMongo(endpoint: string, { layout, isStarting }: ProbeContext): Promise<Probe> {
  if (endpoint.includes('://')) return withProblem(await problemOf(await membersOf(endpoint)))
  const server = addressOf(endpoint)
  if (!isStarting) return withProblem(await problemOf([server]))
  const password = await findSecret(layout, 'mongodb')
  const own =
    password === undefined
      ? { address: endpoint }
      : { address: mongoInside, administrator: { username: mongoAdministrator, password } }
  return withProblem(await problemOf([server], own))
}

const withProblem = (problem: string | undefined): Probe => (problem === undefined ? {} : { problem })

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
