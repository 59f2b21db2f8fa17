// ListGroups. From version 4 on filtered by states (KIP-518), from 5 on by types (KIP-848): all groups here are classic.
import { errorCode } from '../../protocol/error-table.ts'
import { listGroups as api } from '../../protocol/messages/list-groups.ts'
import { handler } from '../handler.ts'

export const listGroupsHandler = handler({
  api,
  versions: [0, 5],
  handle: ({ groups }, { statesFilter, typesFilter }) => ({
    errorCode: errorCode(groups.isLoading() ? 'COORDINATOR_LOAD_IN_PROGRESS' : 'NONE'),
    groups: groups.list(statesFilter, typesFilter).map(({ groupId, protocolType, state, type }) => ({
      groupId,
      protocolType,
      groupState: state,
      groupType: type,
    })),
  }),
  refuse: (_, code) => ({ errorCode: code, groups: [] }),
})
