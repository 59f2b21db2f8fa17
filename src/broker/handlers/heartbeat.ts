// Heartbeat: a member says that it is there, and learns whether it has to join again.
import { errorCode } from '../../protocol/error-table.ts'
import { heartbeat as api } from '../../protocol/messages/heartbeat.ts'
import { handler } from '../handler.ts'

export const heartbeatHandler = handler({
  api,
  versions: [0, 4],
  handle: ({ groups }, { groupId, memberId, groupInstanceId: instanceId, generationId: generation }) => ({
    errorCode: errorCode(groups.heartbeat({ groupId, memberId, instanceId, generation })),
  }),
  refuse: (_, code) => ({ errorCode: code }),
})
