// The container of MongoDB, a replica set of one member, which transactions and change streams need:
// https://github.com/docker-library/docs/tree/master/mongo
import { type DockerInputs, servicePort } from './docker-inputs.ts'
import type { ContainerServer } from './docker-stack.ts'
import { answersHello } from './health.ts'
import { imageOf } from './images.ts'
import { secretPath } from './secrets.ts'

const port = 27_017
const replicaSet = 'rs0'
const member = `mongodb:${port}`
/** where its own user may read the secrets; those that are mounted are the user's of this machine alone */
const own = '/run/mongodb'

/**
 * The image drops to the user `mongodb` before it reads a password, and mongod refuses a key file that is not its own:
 * they are copied while this is still root.
 */
const start = [
  `install -d -m 700 -o mongodb -g mongodb ${own}`,
  `install -m 400 -o mongodb -g mongodb ${secretPath('mongodb')} ${secretPath('mongodb-keyfile')} ${own}`,
  `exec docker-entrypoint.sh mongod --replSet ${replicaSet} --keyFile ${own}/mongodb-keyfile --bind_ip_all`,
].join(' && ')

/** Makes the replica set where there is none, and is content when its member may be written to. The password is on no command line. */
const check = [
  `db.auth('root', fs.readFileSync('${secretPath('mongodb')}', 'utf8'))`,
  `db.hello().setName || rs.initiate({ _id: '${replicaSet}', members: [{ _id: 0, host: '${member}' }] })`,
  'quit(db.hello().isWritablePrimary ? 0 : 1)',
].join('; ')

/** MongoDB with the administrator `root` of the database `admin`. */
export function mongodbServer(inputs: DockerInputs): ContainerServer {
  const hostPort = servicePort(inputs, 'mongodb')
  return {
    name: 'mongodb',
    image: imageOf('mongodb', inputs.settings),
    environment: {
      MONGO_INITDB_ROOT_USERNAME: 'root',
      MONGO_INITDB_ROOT_PASSWORD_FILE: `${own}/mongodb`,
    },
    command: ['bash', '-c', start],
    ports: [{ host: hostPort, container: port }],
    // the image has a volume for each of the two, which would have no name
    volumes: [
      { name: 'mongodb-data', target: '/data/db' },
      { name: 'mongodb-config', target: '/data/configdb' },
    ],
    secrets: ['mongodb', 'mongodb-keyfile'],
    healthCheck: answersHello(
      port,
      ['mongosh', '--quiet', '--norc', `mongodb://127.0.0.1:${port}/admin`, '--eval', check],
      { intervalSeconds: 5, timeoutSeconds: 15 },
    ),
    aliases: [],
    dependsOn: [],
    stopSeconds: 60,
    endpoint: `127.0.0.1:${hostPort}`,
    inside: member,
  }
}
