// The committed offset of a partition, and whether it may be that.
import { offsetFetch } from '../../src/protocol/messages/offset-fetch.ts'
import type { Wire } from '../differential/wire.ts'
import type { PartitionHistory } from './partition-history.ts'
import { Lost } from './read-partition.ts'
import { groupId, type Run } from './run.ts'
import { ask } from './session.ts'

/** Undefined where nothing is committed. */
export async function fetchCommitted(wire: Wire, run: Run, history: PartitionHistory): Promise<number | undefined> {
  const judge = run.commits.get(history)!.beginFetch()
  const topics = [{ name: history.topic, partitionIndexes: [history.partition] }]
  const answer = await ask(wire, [offsetFetch, 5], { groupId, topics })
  const told = answer?.topics[0]?.partitions[0]
  if (!told) throw new Lost()
  const offset = Number(told.committedOffset)
  const problem = judge(offset, told.metadata ?? '')
  if (problem !== undefined) run.report(`${history.name}: committed is ${problem}`)
  return offset < 0 ? undefined : offset
}
