// The images with a Kafka in them: Apache's jars, as the native runtime has them, behind the start scripts of each publisher.
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EvplatError } from '../../../src/core/errors.ts'
import { findKafka } from '../../../src/stack/native/jars/find-kafka.ts'
import { releaseFor } from '../../../src/stack/desired/releases.ts'
import { toolJars } from '../../support/kafka-shell.ts'
import type { Image } from './image.ts'
import { own } from './own-files.ts'
import { Unavailable } from './unavailable.ts'

type Version = '3.9' | '4.3'

const toolNames = ['topics', 'configs', 'storage', 'consumer-groups', 'broker-api-versions', 'metadata-quorum'].concat([
  'console-producer',
  'console-consumer',
])

/** where Kafka's tools are in a release */
const toolClasses = {
  '3.9': { producer: 'kafka.tools.ConsoleProducer', 'api-versions': 'kafka.admin.BrokerApiVersionsCommand' },
  '4.3': {
    producer: 'org.apache.kafka.tools.ConsoleProducer',
    'api-versions': 'org.apache.kafka.tools.BrokerApiVersionsCommand',
  },
}
const logging = {
  '3.9': { option: '-Dlog4j.configuration=file:', name: 'log4j.properties' },
  '4.3': { option: '-Dlog4j2.configurationFile=', name: 'log4j2.xml' },
}

const user = 'RUN useradd --uid 1000 --create-home --shell /bin/bash appuser'

/** What ZooKeeper, Confluent's Kafka and Apache's are made from. Fetches what Maven has to fetch once. */
export async function kafkaImages(say: (message: string) => void): Promise<Image[]> {
  const [old, current] = [await javaImage('3.9', say), await javaImage('4.3', say)]
  return [
    old,
    current,
    confluent({ name: 'confluentinc/cp-zookeeper:7.9.1', role: 'cp-zookeeper', from: old.role }),
    confluent({ name: 'confluentinc/cp-kafka:7.9.1', role: 'cp-kafka-7', from: old.role }),
    confluent({ name: 'confluentinc/cp-kafka:8.0.0', role: 'cp-kafka-8', from: current.role }),
    apache(current.role),
  ]
}

async function javaImage(version: Version, say: (message: string) => void): Promise<Image> {
  const release = releaseFor({ kafka: { version, coordination: 'kraft', brokers: 1 } })
  // the user's own KAFKA_HOME may be another release
  const env = { ...process.env, KAFKA_HOME: undefined }
  const libs = await findKafka(release, { env, say, progress: () => undefined }).catch((thrown: unknown) => {
    throw thrown instanceof EvplatError ? new Unavailable(thrown.message) : thrown
  })
  const tools = await toolJars(version)
  if ('missing' in tools) throw new Unavailable(tools.missing)
  const jars = (await readdir(libs)).map((name) => [`libs/${name}`, join(libs, name)])
  const toolJar = `kafka-tools-${release.exact}.jar`
  const { option, name } = logging[version]
  const edits = Object.entries(toolClasses[version]).map(([word, value]) => `-e s/@${word}@/${value}/`)
  return {
    role: `kafka-${version}`,
    files: {
      ...Object.fromEntries(jars),
      [`tools/${toolJar}`]: join(dirname(tools.value), toolJar),
      ...own('kafka-java', 'kafka-tool', name, `tools-${name}`),
    },
    lines: [
      user,
      'COPY libs /opt/kafka/libs/',
      'COPY tools /opt/kafka/tools/',
      `COPY ${name} tools-${name} /etc/kafka/`,
      'COPY kafka-java kafka-tool /usr/local/bin/',
      `RUN sed -i ${edits.join(' ')} /usr/local/bin/kafka-tool`,
      `ENV KAFKA_LOG4J_OPTS=${option}/etc/kafka/${name} KAFKA_TOOLS_LOG4J_OPTS=${option}/etc/kafka/tools-${name}`,
    ],
  }
}

interface ConfluentImage {
  readonly role: string
  readonly from: string
  readonly name: string
}

function confluent({ role, from, name }: ConfluentImage): Image {
  const isKafka = role !== 'cp-zookeeper'
  const script = isKafka ? 'cp-kafka.sh' : 'cp-zookeeper.sh'
  const data = isKafka ? ['/var/lib/kafka/data'] : ['/var/lib/zookeeper/data', '/var/lib/zookeeper/log']
  const volumes = [...data, isKafka ? '/etc/kafka/secrets' : '/etc/zookeeper/secrets']
  return {
    role,
    from,
    name,
    files: own('properties.sh', script),
    lines: [
      'COPY properties.sh /etc/confluent/docker/',
      `COPY ${script} /etc/confluent/docker/run`,
      `RUN for tool in ${toolNames.join(' ')}; do ln -s /usr/local/bin/kafka-tool /usr/bin/kafka-$tool; done`,
      `RUN mkdir -p ${volumes.join(' ')} && chown -R appuser ${volumes.join(' ')} /etc/kafka`,
      `EXPOSE ${isKafka ? '9092' : '2181 2888 3888'}`,
      `VOLUME ${JSON.stringify(volumes)}`,
      'USER appuser',
      'CMD ["/etc/confluent/docker/run"]',
    ],
  }
}

function apache(from: string): Image {
  const volumes = ['/etc/kafka/secrets', '/var/lib/kafka/data', '/mnt/shared/config']
  const owned = [...volumes, '/etc/kafka', '/opt/kafka/config'].join(' ')
  return {
    role: 'apache-kafka',
    from,
    name: 'apache/kafka:4.3.1',
    files: own('apache-kafka.sh', 'apache-server.properties'),
    lines: [
      'COPY apache-kafka.sh /etc/kafka/docker/run',
      'COPY apache-server.properties /etc/kafka/docker/server.properties',
      `RUN mkdir -p /opt/kafka/bin && for tool in ${toolNames.join(' ')}; do ln -s /usr/local/bin/kafka-tool /opt/kafka/bin/kafka-$tool.sh; done`,
      `RUN mkdir -p ${owned} && chown -R appuser ${owned}`,
      'EXPOSE 9092',
      `VOLUME ${JSON.stringify(volumes)}`,
      'USER appuser',
      'CMD ["/etc/kafka/docker/run"]',
    ],
  }
}
