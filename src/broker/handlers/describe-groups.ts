// DescribeGroups. A group that is not there is dead; there is no error for it in these versions.
import type { ResponseWritten } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { describeGroups as api } from '../../protocol/messages/describe-groups.ts'
import { handler } from '../handler.ts'
import { groupOperations } from './authorized-operations.ts'

function refuse(groupId: string, code: number): ResponseWritten<typeof api>['groups'][number] {
  return { errorCode: code, groupId, groupState: '', protocolType: '', protocolData: '', members: [] }
}

export const describeGroupsHandler = handler({
  api,
  versions: [0, 5],
  handle: ({ groups }, request, { version }) => ({
    groups: request.groups.map((id) => {
      const trouble = groups.troubleOf(id)
      if (trouble) return refuse(id, errorCode(trouble))
      const { groupId, state, protocolType, protocolName, members } = groups.describe(id)
      return {
        errorCode: errorCode('NONE'),
        groupId,
        groupState: state,
        protocolType,
        protocolData: protocolName,
        members: members.map(({ memberId, instanceId, clientId, clientHost, metadata, assignment }) => ({
          memberId,
          groupInstanceId: instanceId,
          clientId,
          clientHost,
          memberMetadata: metadata,
          memberAssignment: assignment,
        })),
        ...(version >= 3 && request.includeAuthorizedOperations && { authorizedOperations: groupOperations }),
      }
    }),
  }),
  refuse: (request, code) => ({ groups: request.groups.map((groupId) => refuse(groupId, code)) }),
})
