// InitProducerId (KIP-98): a new id for a producer that wants no transactions. One that does is refused: there are none here.
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import { initProducerId } from '../../protocol/messages/init-producer-id.ts'
import { handler } from '../handler.ts'
import { orRefused } from '../storage/device-error.ts'

export const initProducerIdHandler = handler({
  api: initProducerId,
  versions: [0, 4],
  handle: ({ producerIds }, { transactionalId, producerId, producerEpoch }) => {
    const isHalf = (producerId === -1n) !== (producerEpoch === -1)
    const refuse = (error: ErrorName) => {
      return { throttleTimeMs: 0, errorCode: errorCode(error), producerId: -1n, producerEpoch: -1 }
    }
    if (transactionalId === '' || isHalf) return refuse('INVALID_REQUEST')
    if (transactionalId !== null) return refuse('UNSUPPORTED_VERSION')
    const given = orRefused(() => producerIds.next(), undefined) // it is written down which ids are given
    if (given === undefined) return refuse('KAFKA_STORAGE_ERROR')
    return { throttleTimeMs: 0, errorCode: 0, producerId: given, producerEpoch: 0 }
  },
})
