// Finding the partition that a request names, and telling a client that knows another leader epoch than ours (KIP-320).
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import type { PartitionLog } from '../storage/partition-log.ts'
import type { Topic } from '../topics/topics.ts'

/** The log, or the error code to answer. An epoch of -1 is not compared. */
export function partitionOf(
  topic: Topic | undefined,
  partition: number,
  currentLeaderEpoch = -1,
): PartitionLog | number {
  const log = topic?.partitions[partition]
  if (!log) return errorCode('UNKNOWN_TOPIC_OR_PARTITION')
  const wrong = epochError(currentLeaderEpoch, log.leaderEpoch)
  return wrong === undefined ? log : errorCode(wrong)
}

function epochError(theirs: number, ours: number): ErrorName | undefined {
  if (theirs === -1 || theirs === ours) return undefined
  return theirs < ours ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH'
}
