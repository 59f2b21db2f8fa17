// FindCoordinator: the one node coordinates every group. There are no transactions here, and so nobody who coordinates them: that
// is told by an error that clients do not try again on.
import { errorCode } from '../../protocol/error-table.ts'
import { findCoordinator } from '../../protocol/messages/find-coordinator.ts'
import type { Broker } from '../broker.ts'
import { type Call, handler } from '../handler.ts'
import { generalWords } from './general-words.ts'

const groupType = 0
/** of share groups (KIP-932): a kind that 3.9 knows and does not look for */
const shareType = 2
const nobody = { nodeId: -1, host: '', port: -1 }

interface Found {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

function find([keyType, key]: readonly [type: number, key: string], broker: Broker, call: Call): Found {
  const { nodeId, groups } = broker
  const { host, port, version } = call
  if (keyType === groupType && groups.troubleOf(key) === 'NOT_COORDINATOR')
    return {
      errorCode: errorCode('COORDINATOR_NOT_AVAILABLE'),
      errorMessage: version >= 4 ? '' : generalWords.COORDINATOR_NOT_AVAILABLE,
      ...nobody,
    }
  // KIP-699 brought the batched form: from there on success has an empty message, before it the name of "no error"
  if (keyType === groupType) return { errorCode: 0, errorMessage: version >= 4 ? '' : 'NONE', nodeId, host, port }
  if (keyType === 1)
    return {
      errorCode: errorCode('UNSUPPORTED_VERSION'),
      errorMessage: 'this broker has no transactions',
      ...nobody,
    }
  const errorMessage = keyType === shareType && version >= 4 ? '' : generalWords.INVALID_REQUEST
  return { errorCode: errorCode('INVALID_REQUEST'), errorMessage, ...nobody }
}

export const findCoordinatorHandler = handler({
  api: findCoordinator,
  versions: [0, 5],
  handle: (broker, { keyType, key: only, coordinatorKeys }, call) => {
    if (call.version < 4) return find([keyType, only], broker, call)
    return { coordinators: coordinatorKeys.map((key) => ({ key, ...find([keyType, key], broker, call) })) }
  },
})
