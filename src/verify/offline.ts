// What can be said about a platform without any cluster: its policies, and settings that work against each other.
import { type Finding, sortFindings } from '../core/finding.ts'
import type { Platform, Topic } from '../platform/platform.ts'
import { evaluatePolicies } from '../platform/policies.ts'
import { compactionConfigs, topicConfigs } from '../platform/topic-configs.ts'

/** Findings about a platform that has been loaded without errors. Topics made for failures follow the topic that they serve. */
export function offlineFindings(platform: Pick<Platform, 'policies' | 'topics'>): Finding[] {
  const declared = platform.topics.filter((topic) => !topic.madeFor)
  const ofTopics = declared.flatMap((topic) => checks.flatMap((check) => check(topic) ?? []))
  return sortFindings([...evaluatePolicies(platform), ...ofTopics])
}

type Check = (topic: Topic) => Finding | undefined

const checks: readonly Check[] = [
  minInsyncReplicas,
  retentionBelowSegment,
  compactedWithoutKey,
  compactionLags,
  withoutCompaction,
]

/** The value that holds where the brokers have no settings of their own. */
function configOf(topic: Topic, name: string): string {
  return topic.config.get(name) ?? topicConfigs.get(name)?.default ?? ''
}

function placeOf(topic: Topic, name: string): NonNullable<Finding['at']> {
  return topic.places.get(`config.${name}`) ?? topic.at
}

const policiesOf = (topic: Topic): string[] => configOf(topic, 'cleanup.policy').split(',')

function minInsyncReplicas(topic: Topic): Finding | undefined {
  const least = Number(configOf(topic, 'min.insync.replicas'))
  const { name, replication } = topic
  const at = placeOf(topic, 'min.insync.replicas')
  if (least > replication)
    return {
      severity: 'warning',
      code: 'min-insync-replicas',
      message: `the topic "${name}" takes no write with acks=all: "min.insync.replicas" is ${least}, "replication" ${replication}`,
      at,
      remedy: `lower "min.insync.replicas" to ${Math.max(1, replication - 1)}, or raise "replication" to ${least + 1}`,
    }
  if (least < replication || replication === 1) return undefined
  return {
    severity: 'warning',
    code: 'min-insync-replicas',
    message: `the topic "${name}" takes no write with acks=all while one of its ${replication} brokers is away`,
    at,
    remedy: `lower "min.insync.replicas" to ${replication - 1}, or raise "replication" to ${replication + 1}`,
  }
}

/** Retention removes whole segments, and one is closed after `segment.ms` only when it has not filled up before. */
function retentionBelowSegment(topic: Topic): Finding | undefined {
  const retention = BigInt(configOf(topic, 'retention.ms'))
  const isWritten = topic.config.has('segment.ms')
  if (!policiesOf(topic).includes('delete') || retention < 0n) return undefined
  if (retention >= BigInt(configOf(topic, 'segment.ms')) || !(isWritten || topic.config.has('retention.ms')))
    return undefined
  return {
    severity: isWritten ? 'warning' : 'info',
    code: 'retention-below-segment',
    message: `records of the topic "${topic.name}" stay longer than "retention.ms" says while their segment is open`,
    at: placeOf(topic, 'retention.ms'),
    remedy: `set "segment.ms" below it${isWritten ? '' : '; Kafka closes a segment after 7d or 1GiB'}`,
  }
}

function compactedWithoutKey(topic: Topic): Finding | undefined {
  if (!policiesOf(topic).includes('compact') || topic.places.has('key')) return undefined
  return {
    severity: 'warning',
    code: 'compacted-without-key',
    message: `the topic "${topic.name}" is compacted, and no key is declared`,
    at: placeOf(topic, 'cleanup.policy'),
    remedy: 'declare how its keys are written, for example `key: string`: Kafka refuses records without one',
  }
}

/** The broker refuses this one: LogConfig.validateValues. */
function compactionLags(topic: Topic): Finding | undefined {
  const [least, most] = ['min.compaction.lag.ms', 'max.compaction.lag.ms'].map((name) => BigInt(configOf(topic, name)))
  if (least! <= most!) return undefined
  return {
    severity: 'error',
    code: 'conflicting-configs',
    message: `the topic "${topic.name}" has a "min.compaction.lag.ms" above its "max.compaction.lag.ms"`,
    at: placeOf(topic, 'min.compaction.lag.ms'),
    remedy: 'lower it, or raise the other: Kafka refuses the two together',
  }
}

function withoutCompaction(topic: Topic): Finding | undefined {
  const name = compactionConfigs.find((key) => topic.config.has(key))
  if (name === undefined || policiesOf(topic).includes('compact')) return undefined
  return {
    severity: 'warning',
    code: 'config-without-effect',
    message: `"${name}" has no effect on the topic "${topic.name}", which is not compacted`,
    at: placeOf(topic, name),
    remedy: 'take it out, or add `cleanup.policy: compact`',
  }
}
