// The settings of a topic by which its logs are kept, typed. Times in milliseconds, sizes in bytes; -1 is "without limit".

export interface LogConfig {
  readonly 'cleanup.policy': { readonly delete: boolean; readonly compact: boolean }
  readonly 'segment.bytes': number
  readonly 'segment.ms': number
  readonly 'index.interval.bytes': number
  readonly 'retention.bytes': number
  readonly 'retention.ms': number
  readonly 'delete.retention.ms': number
  readonly 'min.compaction.lag.ms': number
  readonly 'max.compaction.lag.ms': number
  readonly 'min.cleanable.dirty.ratio': number
  readonly 'file.delete.delay.ms': number
  readonly 'max.message.bytes': number
  readonly 'message.timestamp.type': 'CreateTime' | 'LogAppendTime'
  readonly 'message.timestamp.before.max.ms': number
  readonly 'message.timestamp.after.max.ms': number
  readonly 'compression.type': string
  readonly 'compression.gzip.level': number
  readonly 'compression.zstd.level': number
  readonly 'min.insync.replicas': number
}
