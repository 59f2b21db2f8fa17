// Which values the configs of a topic take.
import { topic, tryCreate } from '../requests.ts'
import { type Scenario, scenario } from '../scenario.ts'

/** key -> values around its bounds; each is tried on a topic of its own */
const tried: Readonly<Record<string, readonly string[]>> = {
  'retention.ms': ['99999999999999999999', '+5', '0x10', '5.0', '1e3', '-1', ''],
  'retention.bytes': ['-2', '-1', 'x'],
  'cleanup.policy': ['x', '', 'compact,compact', 'compact,', 'delete,compact', 'Delete'],
  'compression.type': ['foo', 'GZIP', '', 'uncompressed', 'zstd'],
  'compression.gzip.level': ['0', '-1', '9', '10', '-2'],
  'compression.lz4.level': ['0', '1', '17', '18'],
  'compression.zstd.level': ['-131073', '-131072', '22', '23'],
  preallocate: ['yes', '1', '', ' true '],
  'min.cleanable.dirty.ratio': ['2', '-0.1', 'x', 'NaN', '0.5f', '1.0', '-12345678'],
  'segment.bytes': ['13', '14', '3000000000', '2147483647'],
  'segment.ms': ['0', '1'],
  'segment.jitter.ms': ['-1', '0'],
  'segment.index.bytes': ['3', '4', '-1'],
  'flush.messages': ['0', '1'],
  'flush.ms': ['-1', '0'],
  'min.insync.replicas': ['0', '1', '5'],
  'max.message.bytes': ['-1', '0'],
  'index.interval.bytes': ['-1', '0'],
  'delete.retention.ms': ['-1', '0'],
  'min.compaction.lag.ms': ['-1', '0'],
  'max.compaction.lag.ms': ['0', '1'],
  'file.delete.delay.ms': ['-1', '0'],
  'message.timestamp.type': ['x', 'createtime', 'LogAppendTime'],
  'message.timestamp.before.max.ms': ['-1', '0'],
  'message.timestamp.after.max.ms': ['-1', '0'],
  'message.timestamp.difference.max.ms': ['-1', '0'],
  'message.format.version': ['9.9', '', '2.8', '2.8.1', '0.8.0', '3.0-IV1', '0.10.2-IV0', '2.8-IV9'],
  'message.downconversion.enable': ['maybe', 'false'],
  'unclean.leader.election.enable': ['maybe', 'true'],
  'leader.replication.throttled.replicas': ['x', '*', '0:1,1:1', '0:1,x', '', '*,0:1'],
  'follower.replication.throttled.replicas': ['none', '0:1'],
  'remote.storage.enable': ['true', 'false'],
  'remote.log.copy.disable': ['true', 'x'],
  'remote.log.delete.on.disable': ['true', 'x'],
  'local.retention.ms': ['-3', '-2', '100'],
  'local.retention.bytes': ['-3', '99'],
}

export const values: Scenario[] = Object.entries(tried).map(([key, each]) =>
  scenario(
    `values of ${key}`,
    tryCreate(
      4,
      each.map((value, i) => topic(`try-${i}`, { configs: [[key, value]] })),
    ),
  ),
)
