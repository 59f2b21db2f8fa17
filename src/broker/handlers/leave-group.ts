// LeaveGroup. From version 3 on several members leave at once, static ones by their instance id alone (KIP-345); before it the one
// member's error is the error of the whole.
import { errorCode } from '../../protocol/error-table.ts'
import { leaveGroup as api } from '../../protocol/messages/leave-group.ts'
import { handler } from '../handler.ts'

export const leaveGroupHandler = handler({
  api,
  versions: [0, 5],
  handle: ({ groups }, { groupId, memberId, members }, { version }) => {
    const leaving =
      version < 3
        ? [{ memberId, instanceId: null }]
        : members.map((each) => ({ memberId: each.memberId, instanceId: each.groupInstanceId }))
    const answer = groups.leave({ groupId, members: leaving })
    if (version < 3) return { errorCode: errorCode(answer.members[0]?.error ?? answer.error) }
    return {
      errorCode: errorCode(answer.error),
      members: answer.members.map((each) => ({
        memberId: each.memberId,
        groupInstanceId: each.instanceId,
        errorCode: errorCode(each.error),
      })),
    }
  },
  refuse: (_, code) => ({ errorCode: code }),
})
