// The configs of topics of Kafka 3.9, in the order in which the server checks them. This table is the only place that knows them.
import type { Bounds, ConfigDefinition, ConfigType } from './config-definition.ts'

export interface TopicConfigDefinition extends ConfigDefinition {
  readonly default: string
  /** the broker's key by which topics without a value of their own get one */
  readonly broker?: string
  /** further keys of the broker, from which the first gets its default, with the milliseconds that one of their units has */
  readonly fallbacks?: Readonly<Record<string, number>>
}

const longest = '9223372036854775807'
const minute = 60_000
const hour = 60 * minute

interface Extras {
  readonly bounds?: Bounds
  readonly broker?: string
  readonly fallbacks?: Readonly<Record<string, number>>
}

function row(
  name: string,
  [type, fallback]: readonly [ConfigType, string],
  documentation: string,
  extras: Extras = {},
): TopicConfigDefinition {
  return { name, type, default: fallback, documentation, ...extras }
}

const fromZero = { min: 0 }
const fromOne = { min: 1 }
const policies = { elements: ['compact', 'delete'] }
const codecs = { oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'] }
const timestampTypes = { oneOf: ['CreateTime', 'LogAppendTime'] }

// oxfmt-ignore
export const topicConfigs: readonly TopicConfigDefinition[] = [
  row('segment.bytes', ['INT', '1073741824'], 'Size of a segment file, in bytes, at which a new one begins.', { bounds: { min: 14 }, broker: 'log.segment.bytes' }),
  row('segment.ms', ['LONG', '604800000'], 'Age of a segment, in ms, at which a new one begins.', { bounds: fromOne, broker: 'log.roll.ms', fallbacks: { 'log.roll.hours': hour } }),
  row('segment.jitter.ms', ['LONG', '0'], 'How much earlier, in ms and at random, a segment may end.', { bounds: fromZero, broker: 'log.roll.jitter.ms', fallbacks: { 'log.roll.jitter.hours': hour } }),
  row('segment.index.bytes', ['INT', '10485760'], 'Largest size of an index file, in bytes.', { bounds: { min: 4 }, broker: 'log.index.size.max.bytes' }),
  row('flush.messages', ['LONG', longest], 'Records after which a log is synced to the device.', { bounds: fromOne, broker: 'log.flush.interval.messages' }),
  row('flush.ms', ['LONG', longest], 'Time, in ms, after which a log is synced to the device.', { bounds: fromZero, broker: 'log.flush.interval.ms', fallbacks: { 'log.flush.scheduler.interval.ms': 1 } }),
  row('retention.bytes', ['LONG', '-1'], 'Size of a partition, in bytes, beyond which its oldest segments go; -1 for no limit.', { broker: 'log.retention.bytes' }),
  row('retention.ms', ['LONG', '604800000'], 'Age, in ms, at which segments go; -1 for no limit.', { bounds: { min: -1 }, broker: 'log.retention.ms', fallbacks: { 'log.retention.minutes': minute, 'log.retention.hours': hour } }),
  row('max.message.bytes', ['INT', '1048588'], 'Largest record batch, in bytes.', { bounds: fromZero, broker: 'message.max.bytes' }),
  row('index.interval.bytes', ['INT', '4096'], 'Bytes of a log between two entries of its index.', { bounds: fromZero, broker: 'log.index.interval.bytes' }),
  row('delete.retention.ms', ['LONG', '86400000'], 'Time, in ms, for which tombstones of a compacted topic stay.', { bounds: fromZero, broker: 'log.cleaner.delete.retention.ms' }),
  row('min.compaction.lag.ms', ['LONG', '0'], 'Time, in ms, for which a record is left alone by compaction.', { bounds: fromZero, broker: 'log.cleaner.min.compaction.lag.ms' }),
  row('max.compaction.lag.ms', ['LONG', longest], 'Time, in ms, after which a record is compacted at the latest.', { bounds: fromOne, broker: 'log.cleaner.max.compaction.lag.ms' }),
  row('file.delete.delay.ms', ['LONG', '60000'], 'Time, in ms, between the end of a segment and that of its file.', { bounds: fromZero, broker: 'log.segment.delete.delay.ms' }),
  row('min.cleanable.dirty.ratio', ['DOUBLE', '0.5'], 'Share of a log that has to be uncompacted for compaction to begin.', { bounds: { min: 0, max: 1 }, broker: 'log.cleaner.min.cleanable.ratio' }),
  row('cleanup.policy', ['LIST', 'delete'], 'What becomes of old records: delete, compact, or both.', { bounds: policies, broker: 'log.cleanup.policy' }),
  row('unclean.leader.election.enable', ['BOOLEAN', 'false'], 'Whether a replica that lags may lead.', { broker: 'unclean.leader.election.enable' }),
  row('min.insync.replicas', ['INT', '1'], 'Replicas that have to be in sync for acks=all.', { bounds: fromOne, broker: 'min.insync.replicas' }),
  row('compression.type', ['STRING', 'producer'], 'The codec of the log; producer keeps that of the batches.', { bounds: codecs, broker: 'compression.type' }),
  row('compression.gzip.level', ['INT', '-1'], 'The level of gzip where the broker compresses.', { bounds: 'gzip-level', broker: 'compression.gzip.level' }),
  row('compression.lz4.level', ['INT', '9'], 'The level of LZ4 where the broker compresses.', { bounds: { min: 1, max: 17 }, broker: 'compression.lz4.level' }),
  row('compression.zstd.level', ['INT', '3'], 'The level of Zstandard where the broker compresses.', { bounds: { min: -131072, max: 22 }, broker: 'compression.zstd.level' }),
  row('preallocate', ['BOOLEAN', 'false'], 'Whether segment files get their full size at once.', { broker: 'log.preallocate' }),
  row('message.format.version', ['STRING', '3.0-IV1'], 'Accepted and without effect: records have format 2.', { bounds: 'release', broker: 'log.message.format.version' }),
  row('message.timestamp.type', ['STRING', 'CreateTime'], 'Whose clock the timestamps are of: that of the producer or that of the broker.', { bounds: timestampTypes, broker: 'log.message.timestamp.type' }),
  row('message.timestamp.difference.max.ms', ['LONG', longest], 'The older name of the two limits of timestamps.', { bounds: fromZero, broker: 'log.message.timestamp.difference.max.ms' }),
  row('message.timestamp.before.max.ms', ['LONG', longest], 'How far, in ms, a timestamp may lie in the past.', { bounds: fromZero, broker: 'log.message.timestamp.before.max.ms' }),
  row('message.timestamp.after.max.ms', ['LONG', longest], 'How far, in ms, a timestamp may lie in the future.', { bounds: fromZero, broker: 'log.message.timestamp.after.max.ms' }),
  row('message.downconversion.enable', ['BOOLEAN', 'true'], 'Whether old consumers get converted records.', { broker: 'log.message.downconversion.enable' }),
  row('leader.replication.throttled.replicas', ['LIST', ''], 'Replicas whose leader is throttled, as partition:broker.', { bounds: 'throttled-replicas' }),
  row('follower.replication.throttled.replicas', ['LIST', ''], 'Replicas whose follower is throttled, as partition:broker.', { bounds: 'throttled-replicas' }),
  row('remote.storage.enable', ['BOOLEAN', 'false'], 'Whether segments move to tiered storage, which is not there.'),
  row('local.retention.ms', ['LONG', '-2'], 'retention.ms of what is not in tiered storage; -2 for the same.', { bounds: { min: -2 }, broker: 'log.local.retention.ms' }),
  row('local.retention.bytes', ['LONG', '-2'], 'retention.bytes of what is not in tiered storage; -2 for the same.', { bounds: { min: -2 }, broker: 'log.local.retention.bytes' }),
  row('remote.log.copy.disable', ['BOOLEAN', 'false'], 'Whether nothing more moves to tiered storage.'),
  row('remote.log.delete.on.disable', ['BOOLEAN', 'false'], 'Whether tiered data goes when tiered storage is turned off.'),
]

const byName: ReadonlyMap<string, TopicConfigDefinition> = new Map(topicConfigs.map((each) => [each.name, each]))

/** The definition of a topic's config, or undefined when there is none of that name. */
export function topicConfig(name: string): TopicConfigDefinition | undefined {
  return byName.get(name)
}
