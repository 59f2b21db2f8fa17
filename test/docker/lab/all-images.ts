// All the images of the laboratory, each after the one that it is made from.
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { classPathOf } from '../../support/maven.ts'
import type { Image } from './image.ts'
import { kafkaImages } from './kafka-images.ts'
import { own, packageRoot } from './own-files.ts'
import { Unavailable } from './unavailable.ts'

/** Fetches what Maven has to fetch once. `dist/` must have been built. */
export async function allImages(say: (message: string) => void): Promise<Image[]> {
  return [...(await kafkaImages(say)), node, await schemaRegistry(), postgres, await mongo(), kafkaUi]
}

const node: Image = {
  role: 'node',
  name: 'node:20-bookworm-slim',
  files: { node: process.execPath, ...own('node.sh') },
  lines: [
    'COPY node /usr/local/bin/',
    'COPY node.sh /usr/local/bin/docker-entrypoint.sh',
    'RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node',
    'ENTRYPOINT ["docker-entrypoint.sh"]',
    'CMD ["node"]',
  ],
}

async function schemaRegistry(): Promise<Image> {
  const dist = join(packageRoot, 'dist')
  const paths = await readdir(dist, { recursive: true })
  const programs = paths.filter((path) => path.endsWith('.js')).toSorted()
  return {
    role: 'cp-schema-registry',
    from: 'node',
    name: 'confluentinc/cp-schema-registry:7.9.1',
    files: {
      ...Object.fromEntries(programs.map((path) => [`app/dist/${path}`, join(dist, path)])),
      'app/package.json': join(packageRoot, 'package.json'),
      ...own('properties.sh', 'cp-schema-registry.sh'),
    },
    lines: [
      'COPY app /usr/share/evplat/',
      'COPY properties.sh /etc/confluent/docker/',
      'COPY cp-schema-registry.sh /etc/confluent/docker/run',
      'RUN usermod --login appuser --home /home/appuser node',
      'EXPOSE 8081',
      'USER appuser',
      'ENTRYPOINT []',
      'CMD ["/etc/confluent/docker/run"]',
    ],
  }
}

const postgres: Image = {
  role: 'postgres',
  name: 'postgres:17',
  files: own('postgres.sh'),
  lines: [
    'COPY postgres.sh /usr/local/bin/docker-entrypoint.sh',
    'RUN groupmod --gid 999 postgres && usermod --uid 999 --home /var/lib/postgresql postgres',
    'ENV PATH=/usr/local/bin:/usr/lib/postgresql/15/bin:/usr/sbin:/usr/bin:/sbin:/bin PGDATA=/var/lib/postgresql/data',
    `RUN sed -i "s/^#listen_addresses = .*/listen_addresses = '*'/" /usr/share/postgresql/15/postgresql.conf.sample`,
    'RUN for path in /var/run/postgresql "$PGDATA" /docker-entrypoint-initdb.d; do mkdir -p "$path" && chown postgres:postgres "$path"; done',
    'VOLUME ["/var/lib/postgresql/data"]',
    'EXPOSE 5432',
    'STOPSIGNAL SIGINT',
    'ENTRYPOINT ["docker-entrypoint.sh"]',
    'CMD ["postgres"]',
  ],
}

async function mongo(): Promise<Image> {
  const found = await classPathOf('mongo-java-server-1.47.0', ['de.bwaldvogel:mongo-java-server:1.47.0'])
  if ('missing' in found) throw new Unavailable(found.missing)
  const folder = dirname(found.value)
  const programs = ['mongod.mjs', 'commands.mjs', 'scram.mjs', 'wire.mjs', 'ask.mjs', 'mongosh', 'hosts']
  const jars = (await readdir(folder)).map((name) => [`jars/${name}`, join(folder, name)])
  return {
    role: 'mongo',
    from: 'node',
    name: 'mongo:8',
    files: {
      ...Object.fromEntries(jars),
      ...own('mongo.sh', ...programs.map((program) => `mongo/${program}`)),
    },
    lines: [
      'COPY jars mongo /opt/mongo/',
      'RUN ln -s /opt/mongo/mongosh /usr/local/bin/mongosh',
      'COPY mongo.sh /usr/local/bin/docker-entrypoint.sh',
      'RUN groupadd --gid 999 mongodb && useradd --uid 999 --gid 999 --no-create-home mongodb',
      'RUN mkdir -p /data/db /data/configdb && chown mongodb /data/db /data/configdb',
      'VOLUME ["/data/db", "/data/configdb"]',
      'EXPOSE 27017',
      'CMD ["mongod"]',
    ],
  }
}

const kafkaUi: Image = {
  role: 'kafka-ui',
  from: 'node',
  name: 'ghcr.io/kafbat/kafka-ui:v1.3.0',
  files: own('kafka-ui.mjs'),
  lines: ['COPY kafka-ui.mjs /', 'EXPOSE 8080', 'USER node', 'ENTRYPOINT []', 'CMD ["node", "/kafka-ui.mjs"]'],
}
