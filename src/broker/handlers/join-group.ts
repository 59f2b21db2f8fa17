// JoinGroup. From version 4 on a dynamic member gets its id first and comes again with it (KIP-394); version 0 has one time-out for
// both; from 7 on "no protocol" is null, before it ''; from 9 on a leader may be told to leave the assignment as it is (KIP-814).
import type { ResponseWritten } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { joinGroup as api } from '../../protocol/messages/join-group.ts'
import { joinError } from '../groups/answers.ts'
import type { JoinAnswer } from '../groups/requests.ts'
import { handler } from '../handler.ts'
import { whenAnswered } from './when-answered.ts'

function tell(
  { error, generation, leaderId, members, ...answer }: JoinAnswer,
  version: number,
): ResponseWritten<typeof api> {
  return {
    errorCode: errorCode(error),
    generationId: generation,
    protocolType: answer.protocolType,
    protocolName: version < 7 ? (answer.protocolName ?? '') : answer.protocolName || null,
    leader: leaderId,
    // only askers of version 9 are told to skip
    skipAssignment: answer.skipAssignment,
    memberId: answer.memberId,
    members: members.map(({ memberId, instanceId, metadata }) => ({ memberId, groupInstanceId: instanceId, metadata })),
  }
}

/** A protocol that is named twice counts where it is named first. (Kafka counts it twice, and never answers.) */
function unique<T extends { readonly name: string }>(protocols: readonly T[]): T[] {
  const names = new Set<string>()
  return protocols.filter(({ name }) => !names.has(name) && names.add(name))
}

export const joinGroupHandler = handler({
  api,
  versions: [0, 9],
  handle: ({ groups }, request, call) => {
    const { version, clientId, clientHost } = call
    const { groupInstanceId: instanceId, sessionTimeoutMs, rebalanceTimeoutMs } = request
    const asked = {
      groupId: request.groupId,
      memberId: request.memberId,
      instanceId,
      clientId: clientId ?? '',
      clientHost,
      sessionTimeoutMs,
      rebalanceTimeoutMs: version === 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
      protocolType: request.protocolType,
      protocols: unique(request.protocols).map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
      needsKnownId: version >= 4,
      canSkipAssignment: version >= 9,
    }
    return whenAnswered(
      call,
      (reply) => groups.join(asked, reply),
      (answer: JoinAnswer) => tell(answer, version),
    )
  },
  refuse: (_, code) => ({ ...tell(joinError('NONE', ''), 0), errorCode: code }),
})
