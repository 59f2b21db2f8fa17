// What is told of a partition where topics are described: the one node has its one replica, and leads it.
import type { PartitionLog } from '../storage/partition-log.ts'

export function tellPartition({ leaderEpoch }: PartitionLog, partitionIndex: number, nodeId: number) {
  return { errorCode: 0, partitionIndex, leaderId: nodeId, leaderEpoch, replicaNodes: [nodeId], isrNodes: [nodeId] }
}
