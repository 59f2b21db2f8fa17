// DeleteGroups: empty groups go with their offsets. A group that is named twice is deleted once.
import { errorCode } from '../../protocol/error-table.ts'
import { deleteGroups as api } from '../../protocol/messages/delete-groups.ts'
import { handler } from '../handler.ts'

export const deleteGroupsHandler = handler({
  api,
  versions: [0, 2],
  handle: ({ groups }, { groupsNames }) => ({
    throttleTimeMs: 0,
    results: [...new Set(groupsNames)].map((groupId) => ({ groupId, errorCode: errorCode(groups.delete(groupId)) })),
  }),
  refuse: ({ groupsNames }, code) => ({
    throttleTimeMs: 0,
    results: groupsNames.map((groupId) => ({ groupId, errorCode: code })),
  }),
})
