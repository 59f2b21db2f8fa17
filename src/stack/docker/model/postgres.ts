// The container of PostgreSQL: https://github.com/docker-library/docs/tree/master/postgres
import { type DockerInputs, servicePort } from './docker-inputs.ts'
import type { ContainerServer } from './docker-stack.ts'
import { checkBy } from './health.ts'
import { imageOf } from './images.ts'
import { secretPath } from './secrets.ts'

const port = 5432
const data = '/var/lib/postgresql/data'

/** PostgreSQL with the superuser `postgres`, who needs the password from within the container, too. */
export function postgresServer(inputs: DockerInputs): ContainerServer {
  const hostPort = servicePort(inputs, 'postgres')
  return {
    name: 'postgres',
    image: imageOf('postgres', inputs.settings),
    environment: {
      // images of 18 and later have their data elsewhere, and refuse a volume here unless they are told
      PGDATA: data,
      POSTGRES_PASSWORD_FILE: secretPath('postgres'),
      POSTGRES_HOST_AUTH_METHOD: 'scram-sha-256',
      POSTGRES_INITDB_ARGS: '--auth=scram-sha-256 --encoding=UTF8',
    },
    ports: [{ host: hostPort, container: port }],
    volumes: [{ name: 'postgres-data', target: data }],
    secrets: ['postgres'],
    // while it sets itself up it listens on its socket alone
    healthCheck: checkBy(['pg_isready', '--quiet', '--host=127.0.0.1', `--port=${port}`, '--username=postgres']),
    aliases: [],
    dependsOn: [],
    stopSeconds: 60,
    endpoint: `127.0.0.1:${hostPort}`,
    inside: `postgres:${port}`,
  }
}
