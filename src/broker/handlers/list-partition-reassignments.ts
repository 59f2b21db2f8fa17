// ListPartitionReassignments: with one node nothing is ever on its way.
import { listPartitionReassignments } from '../../protocol/messages/list-partition-reassignments.ts'
import { handler } from '../handler.ts'

export const listPartitionReassignmentsHandler = handler({
  api: listPartitionReassignments,
  versions: [0, 0],
  handle: () => ({ throttleTimeMs: 0, errorCode: 0, errorMessage: null, topics: [] }),
})
