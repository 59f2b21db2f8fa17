// The images of the servers: those that the field knows, unless platform.yaml names others.
import type { StackSettings } from '../../../platform/platform.ts'

/** of Confluent's platform that is Kafka 3.9 */
const confluentVersion = '7.9.1'

const usual: Readonly<Record<string, string>> = {
  zookeeper: `confluentinc/cp-zookeeper:${confluentVersion}`,
  kafka: `confluentinc/cp-kafka:${confluentVersion}`,
  'schema-registry': `confluentinc/cp-schema-registry:${confluentVersion}`,
  postgres: 'postgres:17',
  mongodb: 'mongo:8',
  'kafka-ui': 'ghcr.io/kafbat/kafka-ui:v1.3.0',
}

/** what Kafka 4 comes as: Apache's own image, in the release that stands for a version */
const apacheKafka: Readonly<Record<string, string>> = { '4.3': '4.3.1' }

/** The image of a server: `stack.images`, else the usual one, from the registry that `stack.imagePrefix` names. */
export function imageOf(server: string, settings: StackSettings): string {
  const named = settings.images[server]
  if (named !== undefined) return named
  const image = server === 'kafka' ? kafkaImage(settings.kafka.version) : usual[server]!
  return settings.imagePrefix === undefined ? image : `${settings.imagePrefix}/${image.replace(/^ghcr\.io\//, '')}`
}

function kafkaImage(version: string): string {
  if (version.startsWith('3.')) return usual['kafka']!
  return `apache/kafka:${apacheKafka[version] ?? version}`
}
