// The foreign clients that are tried on the embedded broker: test/clients/README.md is made of this table, and the tests hold it.
import type { CodecName, Feature } from './exercise.ts'

export interface Client {
  readonly name: string
  readonly version: string
  /** where it comes from */
  readonly from: string
  readonly codecs: readonly CodecName[]
  /** what it can't do, and why; what is not named here it was seen to do */
  readonly lacks: Partial<Readonly<Record<Feature, string>>>
  /** what else is worth knowing of what it was seen to do */
  readonly notes?: string
}

const all: readonly CodecName[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const noAdmin = 'it has no admin requests'

export const clients = {
  kcat: {
    name: 'kcat',
    version: '1.7.1 (librdkafka 2.0.2)',
    from: 'Debian 12',
    codecs: all,
    lacks: {
      topics: noAdmin,
      configs: noAdmin,
      partitions: noAdmin,
      timestamps: 'it has no option for the time of a record',
      lag: 'it commits in a group, but tells no committed offsets',
      deleteRecords: noAdmin,
      groupAdmin: noAdmin,
      deleteTopics: noAdmin,
    },
  },
  kafkajs: {
    name: 'kafkajs',
    version: '2.2.4',
    from: 'npm',
    codecs: ['none', 'gzip'],
    lacks: {},
    notes: 'snappy, lz4 and zstd are plug-ins of others',
  },
  'kafka-ts': {
    name: 'kafka-ts',
    version: '1.5.0',
    from: 'npm',
    codecs: ['none'],
    lacks: {},
    notes: 'it writes without compression',
  },
  'java-3.9': { name: "Java's clients", version: '3.9.2', from: 'Maven', codecs: all, lacks: {} },
  'java-4.3': { name: "Java's clients", version: '4.3.1', from: 'Maven', codecs: all, lacks: {} },
  'confluent-kafka': { name: 'confluent-kafka (Python)', version: '2.11.1', from: 'PyPI', codecs: all, lacks: {} },
  'kafka-python': { name: 'kafka-python', version: '3.0.12', from: 'PyPI', codecs: all, lacks: {} },
} as const satisfies Record<string, Client>
