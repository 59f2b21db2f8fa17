// The handlers of the broker: what is in this list is advertised, what is not is not there.
import type { Handler } from './handler.ts'
import { tellApiVersions } from './handlers/api-versions.ts'
import { deleteGroupsHandler } from './handlers/delete-groups.ts'
import { describeGroupsHandler } from './handlers/describe-groups.ts'
import { createTopicsHandler } from './handlers/create-topics.ts'
import { deleteTopicsHandler } from './handlers/delete-topics.ts'
import { fetchHandler } from './handlers/fetch.ts'
import { findCoordinatorHandler } from './handlers/find-coordinator.ts'
import { heartbeatHandler } from './handlers/heartbeat.ts'
import { initProducerIdHandler } from './handlers/init-producer-id.ts'
import { joinGroupHandler } from './handlers/join-group.ts'
import { leaveGroupHandler } from './handlers/leave-group.ts'
import { listGroupsHandler } from './handlers/list-groups.ts'
import { listOffsetsHandler } from './handlers/list-offsets.ts'
import { metadataHandler } from './handlers/metadata.ts'
import { offsetCommitHandler } from './handlers/offset-commit.ts'
import { offsetDeleteHandler } from './handlers/offset-delete.ts'
import { offsetFetchHandler } from './handlers/offset-fetch.ts'
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
import { syncGroupHandler } from './handlers/sync-group.ts'

const served: readonly Handler[] = [
  produceHandler,
  fetchHandler,
  listOffsetsHandler,
  metadataHandler,
  findCoordinatorHandler,
  initProducerIdHandler,
  offsetForLeaderEpochHandler,
  joinGroupHandler,
  syncGroupHandler,
  heartbeatHandler,
  leaveGroupHandler,
  offsetCommitHandler,
  offsetFetchHandler,
  describeGroupsHandler,
  listGroupsHandler,
  deleteGroupsHandler,
  offsetDeleteHandler,
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

/** the names of what is served, as fault rules use them */
export const apiNames: ReadonlySet<string> = new Set(Array.from(handlers.values(), ({ api }) => api.name))
