// SyncGroup. From version 5 on members have to say which protocol they follow (KIP-559).
import type { ResponseWritten } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { syncGroup as api } from '../../protocol/messages/sync-group.ts'
import { syncError } from '../groups/answers.ts'
import type { SyncAnswer } from '../groups/requests.ts'
import { handler } from '../handler.ts'
import { whenAnswered } from './when-answered.ts'

function tell({ error, protocolType, protocolName, assignment }: SyncAnswer): ResponseWritten<typeof api> {
  return { errorCode: errorCode(error), protocolType, protocolName, assignment }
}

export const syncGroupHandler = handler({
  api,
  versions: [0, 5],
  handle: ({ groups }, request, call) => {
    const {
      groupId,
      memberId,
      groupInstanceId: instanceId,
      generationId: generation,
      protocolType,
      protocolName,
    } = request
    if (call.version >= 5 && (protocolType === null || protocolName === null))
      return tell(syncError('INCONSISTENT_GROUP_PROTOCOL'))
    // the frame that the assignments are views of is not kept
    const assignments = request.assignments.map((each) => ({
      memberId: each.memberId,
      assignment: Buffer.from(each.assignment),
    }))
    const asked = { groupId, memberId, instanceId, generation, protocolType, protocolName, assignments }
    return whenAnswered(call, (reply) => groups.sync(asked, reply), tell)
  },
  refuse: (_, code) => ({ ...tell(syncError('NONE')), errorCode: code }),
})
