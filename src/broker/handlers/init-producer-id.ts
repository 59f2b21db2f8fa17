// InitProducerId (KIP-98): a new id for a producer that wants no transactions. One that does is refused: there are none here.
import { errorCode } from '../../protocol/error-table.ts'
import { initProducerId } from '../../protocol/messages/init-producer-id.ts'
import { handler } from '../handler.ts'

export const initProducerIdHandler = handler({
  api: initProducerId,
  versions: [0, 4],
  handle: ({ producerIds }, { transactionalId, producerId, producerEpoch }) => {
    const isHalf = (producerId === -1n) !== (producerEpoch === -1)
    if (transactionalId === null && !isHalf)
      return { throttleTimeMs: 0, errorCode: 0, producerId: producerIds.next(), producerEpoch: 0 }
    const error = transactionalId === '' || isHalf ? 'INVALID_REQUEST' : 'UNSUPPORTED_VERSION'
    return { throttleTimeMs: 0, errorCode: errorCode(error), producerId: -1n, producerEpoch: -1 }
  },
})
