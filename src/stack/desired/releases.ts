// The versions of Apache Kafka that the native runtime knows: what they are made of and what they need.
import { EvplatError } from '../../core/errors.ts'
import type { StackSettings } from '../../platform/platform.ts'

export interface Release {
  /** as platform.yaml names it */
  readonly version: string
  /** the release that stands for it */
  readonly exact: string
  readonly minJava: number
  readonly hasZooKeeper: boolean
  readonly logging: 'log4j' | 'log4j2'
  /** Maven coordinates, `group:artifact:version`; Maven adds what they depend on */
  readonly artifacts: readonly string[]
}

const releases: readonly Release[] = [
  {
    version: '3.9',
    exact: '3.9.2',
    minJava: 11,
    hasZooKeeper: true,
    logging: 'log4j',
    artifacts: [
      'org.apache.kafka:kafka_2.13:3.9.2',
      'org.slf4j:slf4j-reload4j:1.7.36',
      // ZooKeeper's server needs these two and does not ask for them
      'io.dropwizard.metrics:metrics-core:4.1.12.1',
      'org.xerial.snappy:snappy-java:1.1.10.5',
    ],
  },
  {
    version: '4.3',
    exact: '4.3.1',
    minJava: 17,
    hasZooKeeper: false,
    logging: 'log4j2',
    artifacts: [
      'org.apache.kafka:kafka_2.13:4.3.1',
      // Kafka 4 is still on slf4j 1.7, so this is the binding and not log4j-slf4j2-impl
      'org.apache.logging.log4j:log4j-slf4j-impl:2.24.3',
      'org.apache.logging.log4j:log4j-core:2.24.3',
    ],
  },
]

/** Every release, oldest first. */
export function knownReleases(): readonly Release[] {
  return releases
}

type ReleaseSettings = Pick<StackSettings, 'kafka' | 'places'>

/**
 * The release that stands for the declared version, `3.9` and `3.9.2` alike. Throws `not-in-this-version` for a version that is
 * not known. That a Kafka without ZooKeeper (KIP-833) is not declared with it has been seen to when platform.yaml was read.
 */
export function releaseFor({ kafka: { version, coordination }, places }: ReleaseSettings): Release {
  const release = releases.find((known) => version === known.version || version === known.exact)
  if (!release)
    throw new EvplatError('not-in-this-version', `the native runtime has no Kafka ${version} in this version`, {
      ...(places?.version && { at: places.version }),
      hint: `set \`stack.kafka.version\` in platform.yaml to ${releases.map((known) => `"${known.version}"`).join(' or ')}`,
    })
  if (coordination === 'zookeeper' && !release.hasZooKeeper)
    throw new Error(`Kafka ${version} is to be started with ZooKeeper`)
  return release
}
