// Which image a server runs.
import { EvplatError } from '../../../core/errors.ts'
import type { StackSettings } from '../../../platform/platform.ts'
import { knownReleases } from '../../desired/releases.ts'

/** Confluent's release of Apache Kafka 3.9. */
const confluent = '7.9.1'

const usual = {
  postgres: 'postgres:17',
  mongodb: 'mongo:8',
  'kafka-ui': 'ghcr.io/kafbat/kafka-ui:v1.3.0',
  zookeeper: `confluentinc/cp-zookeeper:${confluent}`,
  'schema-registry': `confluentinc/cp-schema-registry:${confluent}`,
} as const

type ImageSettings = Pick<StackSettings, 'images' | 'imagePrefix'>

/**
 * Where an image is pulled from: the prefix stands in the place of the registry, as mirrors have it
 * (`ghcr.io/kafbat/kafka-ui:v1` is `mirror.example/kafbat/kafka-ui:v1` there).
 */
export function withPrefix(image: string, { imagePrefix }: Pick<StackSettings, 'imagePrefix'>): string {
  if (imagePrefix === undefined) return image
  const slash = image.indexOf('/')
  const isHost = slash > 0 && /[.:]/.test(image.slice(0, slash))
  return `${imagePrefix}/${isHost ? image.slice(slash + 1) : image}`
}

/** The image of a server beside the brokers; the one that platform.yaml names is taken as it is. */
export function imageOf(server: keyof typeof usual, settings: ImageSettings): string {
  return settings.images[server] ?? withPrefix(usual[server], settings)
}

/** The image of the brokers. Throws `not-in-this-version` for a Kafka that no image is known of and that platform.yaml names none for. */
export function kafkaImage(settings: StackSettings): string {
  const named = settings.images['kafka']
  if (named !== undefined) return named
  const { version } = settings.kafka
  if (/^3\.9\b/.test(version)) return withPrefix(`confluentinc/cp-kafka:${confluent}`, settings)
  if (hasZooKeeper(version))
    throw new EvplatError('not-in-this-version', `the docker runtime knows no image of Kafka ${version}`, {
      ...(settings.places?.version && { at: settings.places.version }),
      hint: 'set `stack.kafka.version` in platform.yaml to "3.9" or a version from 4 on, or name an image: `stack.images.kafka`',
    })
  return withPrefix(`apache/kafka:${exactRelease(version)}`, settings)
}

/** The last release that is known of a version, else its first: `4.3` is 4.3.1, `4.0` is 4.0.0. */
function exactRelease(version: string): string {
  const known = knownReleases().find((release) => release.version === version)
  return known?.exact ?? (version.split('.').length === 3 ? version : `${version}.0`)
}

/** Whether a Kafka of this version can run with ZooKeeper (KIP-833). */
export function hasZooKeeper(version: string): boolean {
  return version.startsWith('3.')
}
