// A topic for people; its JSON is the published shape `topic` with the partitions added.
import type { Style } from '../core/style.ts'
import { readableConfig } from './config-value.ts'
import { columnLines } from './table.ts'

export interface DescribedTopic {
  readonly name: string
  readonly partitions: number
  readonly replication: number
  readonly configs: readonly { readonly name: string; readonly value: string | null; readonly source: string }[]
  readonly partitionDetails: readonly {
    readonly partition: number
    readonly leader: number
    readonly replicas: readonly number[]
    readonly inSync: readonly number[]
    readonly start: number
    readonly end: number
  }[]
}

/** Head, configs, partitions. */
export function topicText(topic: DescribedTopic, style: Style): string {
  const records = topic.partitionDetails.reduce((sum, { start, end }) => sum + (end - start), 0)
  const lines = [
    `${style.bold(topic.name)}  ${topic.partitions} partitions, replication ${topic.replication}, about ${records} records`,
    '',
  ]
  if (topic.configs.length === 0) lines.push('no config of its own', '')
  else {
    const rows = topic.configs.map(({ name, value, source }) => [
      name,
      value === null ? '(secret)' : readableConfig(name, value),
      source,
    ])
    lines.push(...columnLines({ head: ['CONFIG', 'VALUE', 'SET BY'], rows }), '')
  }
  const rows = topic.partitionDetails.map(({ partition, leader, replicas, inSync, start, end }) => [
    String(partition),
    leader < 0 ? 'none' : String(leader),
    replicas.join(','),
    inSync.join(','),
    String(start),
    String(end),
  ])
  lines.push(...columnLines({ head: ['PARTITION', 'LEADER', 'REPLICAS', 'IN SYNC', 'START', 'END'], rows }))
  return lines.join('\n') + '\n'
}
