// PostgreSQL, and MongoDB as a replica set of one node: transactions and change streams need one.
import type { ModelInputs } from './describe-docker.ts'
import type { ContainerServer } from './docker-stack.ts'
import { byProgram, byScript } from './health.ts'
import { imageOf } from './images.ts'

/** PostgreSQL. `host` is its port on this machine. */
export function postgresServer({ settings }: ModelInputs, host: number): ContainerServer {
  return {
    name: 'postgres',
    image: imageOf('postgres', settings),
    environment: { POSTGRES_PASSWORD_FILE: '/run/secrets/postgres' },
    ports: [{ host, container: 5432 }],
    volumes: [{ name: 'postgres-data', target: '/var/lib/postgresql/data' }],
    secrets: ['postgres'],
    healthCheck: byProgram('pg_isready', '--username', 'postgres', '--host', '127.0.0.1'),
    aliases: [],
    dependsOn: [],
    stopSeconds: 30,
    endpoint: `127.0.0.1:${host}`,
    inside: 'postgres:5432',
  }
}

/** The nodes of a replica set trust each other by a file that its user alone may read; secrets belong to root. */
const withKeyfile =
  'install -m 400 -o mongodb -g mongodb /run/secrets/mongodb-keyfile /tmp/keyfile && ' +
  'exec docker-entrypoint.sh mongod --replSet rs0 --keyFile /tmp/keyfile --bind_ip_all'

/** The first check that finds no replica set makes one. */
const replicaSet =
  'mongosh --quiet --username root --password "$(cat /run/secrets/mongodb)" --eval ' +
  `'try { rs.status() } catch { rs.initiate({ _id: "rs0", members: [{ _id: 0, host: "mongodb:27017" }] }) }'`

/** MongoDB. `host` is its port on this machine. */
export function mongodbServer({ settings }: ModelInputs, host: number): ContainerServer {
  return {
    name: 'mongodb',
    image: imageOf('mongodb', settings),
    environment: { MONGO_INITDB_ROOT_USERNAME: 'root', MONGO_INITDB_ROOT_PASSWORD_FILE: '/run/secrets/mongodb' },
    command: ['bash', '-c', withKeyfile],
    ports: [{ host, container: 27_017 }],
    volumes: [{ name: 'mongodb-data', target: '/data/db' }],
    secrets: ['mongodb', 'mongodb-keyfile'],
    healthCheck: byScript(replicaSet),
    aliases: [],
    dependsOn: [],
    stopSeconds: 30,
    endpoint: `127.0.0.1:${host}`,
    inside: 'mongodb:27017',
  }
}
