// The handlers of the broker: what is in this list is advertised, what is not is not there.
import type { Handler } from './handler.ts'
import { tellApiVersions } from './handlers/api-versions.ts'
import { createTopicsHandler } from './handlers/create-topics.ts'
import { deleteTopicsHandler } from './handlers/delete-topics.ts'
import { fetchHandler } from './handlers/fetch.ts'
import { findCoordinatorHandler } from './handlers/find-coordinator.ts'
import { initProducerIdHandler } from './handlers/init-producer-id.ts'
import { listOffsetsHandler } from './handlers/list-offsets.ts'
import { metadataHandler } from './handlers/metadata.ts'
import { offsetForLeaderEpochHandler } from './handlers/offset-for-leader-epoch.ts'
import { alterConfigsHandler } from './handlers/alter-configs.ts'
import { createPartitionsHandler } from './handlers/create-partitions.ts'
import { deleteRecordsHandler } from './handlers/delete-records.ts'
import { describeClusterHandler } from './handlers/describe-cluster.ts'
import { describeConfigsHandler } from './handlers/describe-configs.ts'
import { incrementalAlterConfigsHandler } from './handlers/incremental-alter-configs.ts'
import { describeTopicPartitionsHandler } from './handlers/describe-topic-partitions.ts'
import { describeLogDirsHandler } from './handlers/describe-log-dirs.ts'
import { listPartitionReassignmentsHandler } from './handlers/list-partition-reassignments.ts'
import { alterPartitionReassignmentsHandler } from './handlers/alter-partition-reassignments.ts'
import { electLeadersHandler } from './handlers/elect-leaders.ts'
import { createAclsHandler, deleteAclsHandler, describeAclsHandler } from './handlers/acls.ts'
import { produceHandler } from './handlers/produce.ts'

const served: readonly Handler[] = [
  produceHandler,
  fetchHandler,
  listOffsetsHandler,
  metadataHandler,
  findCoordinatorHandler,
  initProducerIdHandler,
  offsetForLeaderEpochHandler,
  createTopicsHandler,
  deleteTopicsHandler,
  createPartitionsHandler,
  describeConfigsHandler,
  incrementalAlterConfigsHandler,
  alterConfigsHandler,
  deleteRecordsHandler,
  describeClusterHandler,
  describeTopicPartitionsHandler,
  describeLogDirsHandler,
  listPartitionReassignmentsHandler,
  alterPartitionReassignmentsHandler,
  electLeadersHandler,
  describeAclsHandler,
  createAclsHandler,
  deleteAclsHandler,
]

/** by the key of their API */
export const handlers: ReadonlyMap<number, Handler> = new Map(
  [...served, tellApiVersions(served)].map((handler) => [handler.api.key, handler]),
)
