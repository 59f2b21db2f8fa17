// The configs of a topic that Apache Kafka 3.9 and 4 know: org.apache.kafka.storage.internals.log.LogConfig.

/** How the text of a config is read. Bounds are included. */
export type ConfigKind =
  | {
      readonly kind: 'duration' | 'size' | 'int' | 'long'
      readonly min: bigint
      readonly max: bigint
      readonly not?: bigint
    }
  | { readonly kind: 'ratio' | 'boolean' | 'text' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'list'; readonly choices?: readonly string[] }

export type TopicConfig = ConfigKind & {
  /** what a broker without settings of its own uses, in Kafka's form */
  readonly default: string
  /** Kafka 4 does not have it */
  readonly onlyBefore4?: true
}

const maxInt = 2n ** 31n - 1n
const maxLong = 2n ** 63n - 1n
const forever = String(maxLong)

const int = (min: number, max: bigint = maxInt) => ({ kind: 'int', min: BigInt(min), max }) as const
const long = (min: number) => ({ kind: 'long', min: BigInt(min), max: maxLong }) as const
const duration = (min: number) => ({ kind: 'duration', min: BigInt(min), max: maxLong }) as const
const size = (min: number, max: bigint = maxLong) => ({ kind: 'size', min: BigInt(min), max }) as const
const truth = { kind: 'boolean' } as const

const table: Readonly<Record<string, TopicConfig>> = {
  'cleanup.policy': { kind: 'list', choices: ['compact', 'delete'], default: 'delete' },
  'compression.gzip.level': { ...int(-1, 9n), not: 0n, default: '-1' },
  'compression.lz4.level': { ...int(1, 17n), default: '9' },
  'compression.type': {
    kind: 'choice',
    choices: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    default: 'producer',
  },
  'compression.zstd.level': { ...int(-131_072, 22n), default: '3' },
  'delete.retention.ms': { ...duration(0), default: '86400000' },
  'file.delete.delay.ms': { ...duration(0), default: '60000' },
  'flush.messages': { ...long(1), default: forever },
  'flush.ms': { ...duration(0), default: forever },
  'follower.replication.throttled.replicas': { kind: 'list', default: '' },
  'index.interval.bytes': { ...size(0, maxInt), default: '4096' },
  'leader.replication.throttled.replicas': { kind: 'list', default: '' },
  'local.retention.bytes': { ...size(-2), default: '-2' },
  'local.retention.ms': { ...duration(-2), default: '-2' },
  'max.compaction.lag.ms': { ...duration(1), default: forever },
  'max.message.bytes': { ...size(0, maxInt), default: '1048588' },
  'message.downconversion.enable': { ...truth, default: 'true', onlyBefore4: true },
  'message.format.version': { kind: 'text', default: '3.0-IV1', onlyBefore4: true },
  'message.timestamp.after.max.ms': { ...duration(0), default: forever },
  'message.timestamp.before.max.ms': { ...duration(0), default: forever },
  'message.timestamp.difference.max.ms': { ...duration(0), default: forever, onlyBefore4: true },
  'message.timestamp.type': { kind: 'choice', choices: ['CreateTime', 'LogAppendTime'], default: 'CreateTime' },
  'min.cleanable.dirty.ratio': { kind: 'ratio', default: '0.5' },
  'min.compaction.lag.ms': { ...duration(0), default: '0' },
  'min.insync.replicas': { ...int(1), default: '1' },
  preallocate: { ...truth, default: 'false' },
  'remote.log.copy.disable': { ...truth, default: 'false' },
  'remote.log.delete.on.disable': { ...truth, default: 'false' },
  'remote.storage.enable': { ...truth, default: 'false' },
  'retention.bytes': { ...size(-(2 ** 63)), default: '-1' },
  'retention.ms': { ...duration(-1), default: '604800000' },
  'segment.bytes': { ...size(14, maxInt), default: '1073741824' },
  'segment.index.bytes': { ...size(4, maxInt), default: '10485760' },
  'segment.jitter.ms': { ...duration(0), default: '0' },
  'segment.ms': { ...duration(1), default: '604800000' },
  'unclean.leader.election.enable': { ...truth, default: 'false' },
}

/** The configs of a topic by name, as 3.9 has them. */
export const topicConfigs: ReadonlyMap<string, TopicConfig> = new Map(Object.entries(table))

const vendorPrefixes = ['confluent.', 'redpanda.', 'automq.', 'inkless.']

/** Whether a name is one of Kafka's relatives: their brokers know it, Kafka's own do not. */
export function isVendorConfig(name: string): boolean {
  return vendorPrefixes.some((prefix) => name.startsWith(prefix))
}

/** What only compacted topics use. */
export const compactionConfigs: readonly string[] = [
  'delete.retention.ms',
  'min.compaction.lag.ms',
  'max.compaction.lag.ms',
  'min.cleanable.dirty.ratio',
]
