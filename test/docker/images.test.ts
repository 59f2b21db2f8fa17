// The images of the laboratory do what those do whose names they have, as far as users feel it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { Cluster } from '../../src/kafka/cluster.ts'
import { missingOf, needed } from '../support/found.ts'
import { skipNote } from '../support/native-runtime.ts'
import { describeDocker } from '../../src/stack/docker/model/describe-docker.ts'
import { prepareMongo, signIn } from '../../src/stack/databases/mongodb/server.ts'
import { type Ask, withMongo } from '../../src/stack/databases/mongodb/wire.ts'
import { freePort } from '../support/free-port.ts'
import { dockerFor, removeAllButImages } from './lab/client.ts'
import { labEngine } from './lab/lab-engine.ts'

const found = labEngine()
const missing = missingOf(found)
const network = 'laboratory'
const images = {
  zookeeper: 'confluentinc/cp-zookeeper:7.9.1',
  kafka: 'confluentinc/cp-kafka:7.9.1',
  kafka8: 'confluentinc/cp-kafka:8.0.0',
  apache: 'apache/kafka:4.3.1',
  registry: 'confluentinc/cp-schema-registry:7.9.1',
  postgres: 'postgres:17',
  mongo: 'mongo:8',
  ui: 'ghcr.io/kafbat/kafka-ui:v1.3.0',
  node: 'node:20-bookworm-slim',
}

type Environment = Readonly<Record<string, string | number>>

interface Container {
  readonly image: string
  readonly name: string
  readonly env?: Environment
  /** `127.0.0.1:9092:9092` */
  readonly port?: string
  readonly more?: readonly string[]
  readonly command?: readonly string[]
}

const docker = (args: readonly string[], input?: string): Promise<string> =>
  dockerFor(needed(found))(args, input === undefined ? {} : { input })

/** Runs a container in the network of the test, where others find it by its name. */
async function start({ image, name, env = {}, port, more = [], command = [] }: Container): Promise<void> {
  const variables = Object.entries(env).flatMap(([variable, value]) => ['--env', `${variable}=${value}`])
  const published = port === undefined ? [] : ['--publish', port]
  const options = ['--detach', '--network', network, '--name', name, '--hostname', name, ...variables, ...published]
  await docker(['run', ...options, ...more, image, ...command])
}

/** What a look gives as soon as it does not fail. Throws its last failure, and what the container printed, after a minute and a half. */
async function eventually<T>(name: string, look: () => Promise<T>): Promise<T> {
  let failure: unknown
  const seen = await waitFor(
    async () => {
      try {
        return { value: await look() }
      } catch (thrown) {
        failure = thrown
        return undefined
      }
    },
    { timeoutMs: 90_000, everyMs: 300 },
  )
  if (seen) return seen.value
  throw new Error(`${String(failure)}\n${await docker(['logs', '--tail', '30', name])}`)
}

/** The id of the cluster that answers at a port of this machine. */
async function clusterAt(port: number, brokers = 1): Promise<string | null> {
  const cluster = await Cluster.connect(
    { bootstrap: [`127.0.0.1:${port}`] },
    { connectTimeoutMs: 2000, requestTimeoutMs: 5000 },
  )
  try {
    const view = await cluster.describe()
    if (view.brokers.size < brokers) throw new Error(`${view.brokers.size} of ${brokers} brokers`)
    return view.clusterId
  } finally {
    cluster.close()
  }
}

/** A connection that a server which is not ready yet has left half open is not waited for. */
async function jsonOf(url: string): Promise<unknown> {
  return (await fetch(url, { signal: AbortSignal.timeout(5000) })).json()
}

const listeners = (port: number): Environment => ({
  KAFKA_ADVERTISED_LISTENERS: `HOST://127.0.0.1:${port},NET://kafka:29092`,
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'HOST:PLAINTEXT,NET:PLAINTEXT,CONTROLLER:PLAINTEXT',
  KAFKA_INTER_BROKER_LISTENER_NAME: 'NET',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1,
  KAFKA_HEAP_OPTS: '-Xms64m -Xmx512m',
})

const kraft = (port: number, data: string): Environment => ({
  ...listeners(port),
  CLUSTER_ID: '4L6g3nShT-eMCtK--X86sw',
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_NODE_ID: 1,
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@kafka:29093',
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_LISTENERS: `HOST://0.0.0.0:${port},NET://0.0.0.0:29092,CONTROLLER://0.0.0.0:29093`,
  KAFKA_LOG_DIRS: data,
})

async function startKafka(image: string, env: Environment, port: number): Promise<void> {
  const more = ['--volume', 'kafka-1-data:/var/lib/kafka/data', '--stop-timeout', '30']
  await start({ image, name: 'kafka', env, port: `127.0.0.1:${port}:${port}`, more })
}

const topics = (tool: string, port: number, ...args: string[]): Promise<string> =>
  docker(['exec', 'kafka', tool, '--bootstrap-server', `127.0.0.1:${port}`, ...args])

describe.skipIf(missing !== undefined)(`the images of the laboratory${skipNote(missing)}`, () => {
  afterEach(() => removeAllButImages(dockerFor(needed(found))))

  test.each([
    ['3.9', 'zookeeper'],
    ['4.3', 'kraft'],
  ] as const)('there is one for each server that evplat starts with Kafka %s', async (version, coordination) => {
    const { servers } = describeDocker({
      project: 'shop',
      settings: {
        runtime: 'docker',
        kafka: { version, coordination, brokers: 1 },
        registry: 'confluent',
        images: {},
        ports: { kafka: 'auto', registry: 'auto', postgres: 'auto', mongodb: 'auto', 'kafka-ui': 'auto' },
        services: ['postgres', 'mongodb', 'kafka-ui'],
        databases: { postgres: [], mongodb: [] },
      },
      ports: { brokers: [1], registry: 2, zookeeper: 3, services: { postgres: 4, mongodb: 5, 'kafka-ui': 6 } },
      packageRoot: '/',
      version: '0.0.0',
    })
    const there = await docker(['images', '--format', '{{.Repository}}:{{.Tag}}'])
    expect(there.split('\n')).toEqual(expect.arrayContaining(servers.map((server) => server.image)))
  })

  test('ZooKeeper, Kafka 3.9 and the registry', async () => {
    await docker(['network', 'create', network])
    const zookeeper = { ZOOKEEPER_CLIENT_PORT: 2181, ZOOKEEPER_TICK_TIME: 2000 }
    await start({ image: images.zookeeper, name: 'zookeeper', env: zookeeper })
    const port = await freePort()
    const coordination = { KAFKA_ZOOKEEPER_CONNECT: 'zookeeper:2181', KAFKA_BROKER_ID: 1 }
    await startKafka(images.kafka, { ...listeners(port), ...coordination }, port)
    expect(await eventually('kafka', () => clusterAt(port))).toMatch(/^[\w-]{22}$/)
    await topics('kafka-topics', port, '--create', '--topic', 'made.inside')
    expect(await topics('kafka-topics', port, '--list')).toBe('made.inside\n')
    expect(await docker(['exec', 'kafka', 'whoami'])).toBe('appuser\n')

    const registryPort = await freePort()
    const env = {
      SCHEMA_REGISTRY_HOST_NAME: 'schema-registry',
      SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: 'PLAINTEXT://kafka:29092',
      SCHEMA_REGISTRY_LISTENERS: 'http://0.0.0.0:8081',
    }
    const published = `127.0.0.1:${registryPort}:8081`
    await start({ image: images.registry, name: 'schema-registry', env, port: published })
    const subjects = (): Promise<unknown> => jsonOf(`http://127.0.0.1:${registryPort}/subjects`)
    expect(await eventually('schema-registry', subjects)).toEqual([])
    const curl = ['exec', 'schema-registry', 'curl', '--silent', 'http://schema-registry:8081/subjects']
    expect(await docker(curl)).toBe('[]')
  })

  test.each([
    ['cp-kafka 7', images.kafka, 'kafka-topics'],
    ['cp-kafka 8', images.kafka8, 'kafka-topics'],
    ['apache/kafka 4', images.apache, '/opt/kafka/bin/kafka-topics.sh'],
  ])('%s without ZooKeeper keeps its data in the volume', async (_, image, tool) => {
    await docker(['network', 'create', network])
    const port = await freePort()
    const env = kraft(port, '/var/lib/kafka/data')
    await startKafka(image, env, port)
    expect(await eventually('kafka', () => clusterAt(port))).toBe('4L6g3nShT-eMCtK--X86sw')
    await topics(tool, port, '--create', '--topic', 'kept')
    await docker(['stop', 'kafka'])
    await docker(['rm', 'kafka'])
    await startKafka(image, env, port)
    await eventually('kafka', () => clusterAt(port))
    expect(await topics(tool, port, '--list')).toBe('kept\n')
  })

  test('a Kafka that is told too little says what', async () => {
    const env = ['--env', 'KAFKA_PROCESS_ROLES=broker']
    await expect(docker(['run', '--rm', ...env, images.kafka])).rejects.toThrow(/"CLUSTER_ID" is not set/)
  })

  test('PostgreSQL takes the password of its file, from the host and from a sibling, and keeps what it is given', async () => {
    await docker(['network', 'create', network])
    const folder = mkdtempSync(join(tmpdir(), 'evplat-secret-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const secret = join(folder, 'postgres')
    writeFileSync(secret, 'correct-horse', { mode: 0o600 })
    const port = await freePort()
    const run = (): Promise<void> =>
      start({
        image: images.postgres,
        name: 'postgres',
        env: { POSTGRES_PASSWORD_FILE: '/run/secrets/postgres', POSTGRES_DB: 'shop' },
        port: `127.0.0.1:${port}:5432`,
        more: ['--volume', `${secret}:/run/secrets/postgres:ro`, '--volume', 'postgres-data:/var/lib/postgresql/data'],
      })
    const psql = (password: string, [joined, ...where]: readonly string[], query: string): Promise<string> => {
      const options = ['--rm', '--network', joined!, '--env', `PGPASSWORD=${password}`, '--entrypoint', 'psql']
      const args = ['--username=postgres', '--dbname=shop', '-At', ...where, '--command', query]
      return docker(['run', ...options, images.postgres, ...args])
    }
    const sibling = [network, '--host=postgres']
    const host = ['host', '--host=127.0.0.1', `--port=${port}`]
    await run()
    expect(await eventually('postgres', () => psql('correct-horse', sibling, 'select 1'))).toBe('1\n')
    expect(await psql('correct-horse', host, 'create table kept (n int); insert into kept values (7)')).toBe(
      'CREATE TABLE\nINSERT 0 1\n',
    )
    await expect(psql('wrong', sibling, 'select 1')).rejects.toThrow(/password authentication failed/)
    await docker(['rm', '--force', 'postgres'])
    await run()
    expect(await eventually('postgres', () => psql('correct-horse', sibling, 'select n from kept'))).toBe('7\n')
    await docker(['exec', 'postgres', 'pg_isready', '--username', 'postgres'])
  })

  test('PostgreSQL without a password does not start', async () => {
    await expect(docker(['run', '--rm', images.postgres])).rejects.toThrow(/superuser password is not specified/)
  })

  test('MongoDB becomes a replica set, asks for passwords and keeps both', async () => {
    await docker(['network', 'create', network])
    const port = await freePort()
    const env = { MONGO_INITDB_ROOT_USERNAME: 'root', MONGO_INITDB_ROOT_PASSWORD: 'correct-horse' }
    const run = (): Promise<void> =>
      start({
        image: images.mongo,
        name: 'mongodb',
        env,
        port: `127.0.0.1:${port}:27017`,
        more: ['--volume', 'mongodb-data:/data/db'],
        command: ['--replSet', 'rs0', '--bind_ip_all'],
      })
    const mongosh = (script: string): Promise<string> =>
      docker(['exec', 'mongodb', 'mongosh', '--quiet', 'mongodb://127.0.0.1/admin', '--eval', script])
    const signedIn = `db.auth('root', 'correct-horse'); `
    await run()
    expect(await eventually('mongodb', () => mongosh('db.hello().isWritablePrimary'))).toBe('false\n')
    await expect(mongosh(`rs.initiate({ _id: 'rs0', members: [] })`)).rejects.toThrow(/requires authentication/)
    await expect(mongosh(`db.auth('root', 'wrong')`)).rejects.toThrow(/Authentication failed/)
    await mongosh(`${signedIn}rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongodb:27017' }] })`)
    expect(await mongosh('db.hello().isWritablePrimary')).toBe('true\n')
    await expect(mongosh('quit(db.hello().setName === "rs0" ? 3 : 0)')).rejects.toThrow(/ended with 3/)

    // evplat's own client signs in and makes a user; what the stand-in does not know is mongo-java-server's
    const server = { host: '127.0.0.1', port }
    const root = { username: 'root', password: 'correct-horse' }
    const orders = { username: 'orders', password: 'battery-staple' }
    await prepareMongo(server, root, [orders])
    const insert = (ask: Ask): Promise<unknown> => ask('orders', { insert: 'placed', documents: [{ _id: 1 }] })
    const signedInsert = withMongo(server, async (ask) => {
      await signIn(ask, root)
      return insert(ask)
    })
    expect(await signedInsert).toMatchObject({ n: 1 })
    await expect(withMongo(server, insert)).rejects.toThrow(/requires authentication/)
    await docker(['rm', '--force', 'mongodb'])
    await run()
    expect(await eventually('mongodb', () => mongosh('db.hello().setName'))).toBe('rs0\n')
    // and knows again: it is the password that is changed, not the user that is made
    await prepareMongo(server, root, [orders])
  })

  test('MongoDB can not read a password that only root may read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evplat-secret-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'mongodb'), 'correct-horse', { mode: 0o600 })
    const env = ['MONGO_INITDB_ROOT_USERNAME=root', 'MONGO_INITDB_ROOT_PASSWORD_FILE=/run/secrets/mongodb']
    const options = [...env.flatMap((variable) => ['--env', variable]), '--volume', `${folder}:/run/secrets:ro`]
    await expect(docker(['run', '--rm', ...options, images.mongo])).rejects.toThrow(/mongodb: Permission denied/)
  })

  test('kafka-ui is well, and node runs what it is given', async () => {
    await docker(['network', 'create', network])
    const port = await freePort()
    const env = { KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: 'kafka:29092' }
    await start({ image: images.ui, name: 'kafka-ui', env, port: `127.0.0.1:${port}:8080` })
    const health = (): Promise<unknown> => jsonOf(`http://127.0.0.1:${port}/actuator/health`)
    expect(await eventually('kafka-ui', health)).toEqual({ status: 'UP' })
    expect(await docker(['run', '--rm', images.node, '-p', 'process.version'])).toBe(`${process.version}\n`)
  })
})
