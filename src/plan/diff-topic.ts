// One declared topic against what is there.
import type { Finding } from '../core/finding.ts'
import type { Topic } from '../platform/platform.ts'
import type { ActualTopic } from './actual.ts'
import { isSameConfigValue } from './config-value.ts'
import { type Blocked, type Change, configField, type Danger, type FieldChange } from './plan.ts'

export interface TopicDiff {
  /** undefined when nothing differs */
  readonly change?: Change
  readonly findings: readonly Finding[]
}

export interface TopicDiffOptions {
  /** more partitions on topics with keys are meant */
  readonly allowRepartition: boolean
  /** the environment is one where a topic may be deleted to be made anew */
  readonly offersDeletes: boolean
}

/** The change that makes a topic as declared, and what else is to be said of it. */
export function diffTopic(topic: Topic, actual: ActualTopic | undefined, options: TopicDiffOptions): TopicDiff {
  return actual ? diffExisting(topic, actual, options) : { change: creation(topic), findings: [] }
}

function creation(topic: Topic): Change {
  const fields: FieldChange[] = [
    { path: 'partitions', before: null, after: topic.partitions },
    { path: 'replication', before: null, after: topic.replication },
    ...[...topic.config].map(([key, value]) => configField(key, null, value)),
  ]
  return { kind: 'topic', name: topic.name, action: 'create', fields }
}

interface Part {
  readonly fields: readonly FieldChange[]
  readonly blocked?: Blocked
  readonly danger?: Danger
  readonly findings?: readonly Finding[]
}
const nothing: Part = { fields: [] }

function diffExisting(topic: Topic, actual: ActualTopic, options: TopicDiffOptions): TopicDiff {
  const parts = [
    diffReplication(topic, actual, options),
    diffPartitions(topic, actual, options),
    diffConfigs(topic, actual),
  ]
  const findings = [...parts.flatMap((part) => part.findings ?? []), ...undeclared(topic, actual)]
  const fields = parts.flatMap((part) => part.fields)
  if (fields.length === 0) return { findings }
  const blocked = parts.find((part) => part.blocked)?.blocked
  const danger = parts.find((part) => part.danger)?.danger
  const change: Change = {
    kind: 'topic',
    name: topic.name,
    action: 'update',
    fields,
    ...(danger && { danger }),
    ...(blocked && { blocked }),
  }
  return { change, findings }
}

function remedyFor({ name }: Topic, declare: string, { offersDeletes }: TopicDiffOptions): string {
  return offersDeletes ? `${declare}, or delete the topic and its records: \`evplat topics delete ${name}\`` : declare
}

function diffReplication(topic: Topic, actual: ActualTopic, options: TopicDiffOptions): Part {
  const { name, replication, at } = topic
  const differing = actual.replicaCounts.find((count) => count !== replication)
  if (differing === undefined) return nothing
  if (actual.isReassigning) {
    const message = `replicas of topic "${name}" are being moved; their number is not compared`
    return { fields: [], findings: [{ severity: 'info', code: 'reassignment-in-progress', message, at }] }
  }
  return {
    fields: [{ path: 'replication', before: differing, after: replication }],
    blocked: {
      code: 'replication-change',
      message: `the replication of an existing topic is not changed in this version (${differing} -> ${replication})`,
      remedy: remedyFor(topic, `declare replication ${differing}`, options),
    },
  }
}

function isKeyed(topic: Topic, actual: ActualTopic): boolean {
  const policy = topic.config.get('cleanup.policy') ?? actual.configs.get('cleanup.policy')?.value ?? ''
  return topic.key.kind !== 'bytes' || policy.includes('compact')
}

function diffPartitions(topic: Topic, actual: ActualTopic, options: TopicDiffOptions): Part {
  const before = actual.replicaCounts.length
  const { partitions } = topic
  if (partitions === before) return nothing
  const fields = [{ path: 'partitions', before, after: partitions }]
  if (partitions < before) {
    const message = `Kafka can't take partitions away from a topic (${before} -> ${partitions})`
    const remedy = remedyFor(topic, `declare ${before} partitions`, options)
    return { fields, blocked: { code: 'fewer-partitions', message, remedy } }
  }
  if (!isKeyed(topic, actual)) return { fields }
  if (options.allowRepartition) return { fields, danger: 'reorders-keys' }
  const message = 'more partitions move keys to other partitions, and the order of their records is lost'
  const remedy = 'when that is meant: `evplat apply --allow-repartition`'
  return { fields, danger: 'reorders-keys', blocked: { code: 'needs-allow-repartition', message, remedy } }
}

function diffConfigs(topic: Topic, actual: ActualTopic): Part {
  const fields: FieldChange[] = []
  for (const [key, value] of topic.config) {
    const now = actual.configs.get(key)
    // a value that the broker keeps secret can't be compared, and is not set again at every run
    if (now?.value === null || (now && isSameConfigValue(now.value, value))) continue
    fields.push(configField(key, now?.value ?? null, value))
  }
  return fields.some(losesData) ? { fields, danger: 'data-loss' } : { fields }
}

const limits = new Set([
  'config.retention.ms',
  'config.retention.bytes',
  'config.local.retention.ms',
  'config.local.retention.bytes',
])

/** A lower limit of retention, or a new policy of cleaning up, removes records that are there now. */
function losesData({ path, before, after }: FieldChange): boolean {
  if (path === 'config.cleanup.policy') return true
  if (!limits.has(path) || before === null) return false
  const limit = (value: unknown): number => (Number(value) < 0 ? Infinity : Number(value))
  return limit(after) < limit(before)
}

function undeclared(topic: Topic, actual: ActualTopic): Finding[] {
  return [...actual.configs]
    .filter(([key, { source }]) => source === 'topic' && !topic.config.has(key))
    .map(([key, { value }]) => ({
      severity: 'info',
      code: 'undeclared-config',
      message: `topic "${topic.name}" has ${key}=${value ?? '(secret)'} set, which platform.yaml does not name; it is left alone`,
      at: topic.at,
    }))
}
