// The topics of a run: one that keeps everything, one that is compacted and one that forgets, all in segments that are soon full.
import { createTopics } from '../../src/protocol/messages/create-topics.ts'
import { incrementalAlterConfigs } from '../../src/protocol/messages/incremental-alter-configs.ts'
import { topic } from '../differential/requests.ts'
import type { Wire } from '../differential/wire.ts'
import type { Ledger } from './ledger.ts'
import { type Loses, PartitionHistory } from './partition-history.ts'
import { ask } from './session.ts'

export const segmentBytes = 32_768
const segments = ['segment.bytes', String(segmentBytes)] as const

interface Planned {
  readonly name: string
  readonly partitions: number
  readonly loses: Loses
  readonly configs: readonly (readonly [string, string])[]
}

const plan: readonly Planned[] = [
  { name: 'orders', partitions: 3, loses: 'nothing', configs: [segments, ['retention.ms', '-1']] },
  {
    name: 'customers',
    partitions: 2,
    loses: 'older values of a key',
    configs: [
      segments,
      ['cleanup.policy', 'compact'],
      ['min.cleanable.dirty.ratio', '0.01'],
      ['delete.retention.ms', '100'],
    ],
  },
  {
    name: 'clicks',
    partitions: 1,
    loses: 'the oldest',
    configs: [segments, ['retention.ms', '-1'], ['retention.bytes', '150000']],
  },
]

export function historiesOf(ledger: Ledger, report: (problem: string) => void): PartitionHistory[] {
  return plan.flatMap(({ name, partitions, loses }) =>
    Array.from({ length: partitions }, (_, n) => new PartitionHistory(name, n, loses, { ledger, report })),
  )
}

/** Makes the topics, and has the broker clean much more often than it does by default. */
export async function prepare(wire: Wire): Promise<void> {
  const topics = plan.map(({ name, partitions, configs }) => topic(name, { partitions, configs }))
  const created = await ask(wire, [createTopics, 7], { topics, timeoutMs: 5000 })
  const wrong = created?.topics.filter(({ errorCode }) => errorCode !== 0) ?? []
  if (!created || wrong.length > 0) throw new Error(`topics are not created: ${wrong.map((each) => each.errorMessage)}`)
  const configs = [{ name: 'log.cleaner.backoff.ms', configOperation: 0, value: '50' }]
  const resources = [{ resourceType: 4, resourceName: '1', configs }]
  const altered = await ask(wire, [incrementalAlterConfigs, 1], { resources, validateOnly: false })
  const problem = altered?.responses[0]?.errorMessage
  if (!altered || problem != null) throw new Error(`the broker's config is not set: ${problem}`)
}
