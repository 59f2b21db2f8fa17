// Ids of idempotent producers: each is given once, also across restarts. They are reserved in blocks, so that few are written down.
import type { Journal } from './storage/store.ts'

const blockSize = 1000

export interface ProducerIds {
  /** Throws what the device says when a block can't be written down. */
  next(): bigint
}

/** Goes on after the last block that the journal knows. */
export function createProducerIds(journal: Journal): ProducerIds {
  let nextId = 0n
  journal.replay((record) => (nextId = record.readBigInt64BE()))
  let blockEnd = nextId
  return {
    next() {
      if (nextId === blockEnd) {
        const end = blockEnd + BigInt(blockSize)
        const record = Buffer.alloc(8)
        record.writeBigInt64BE(end)
        journal.rewrite([record])
        blockEnd = end // not before it is written down
      }
      return nextId++
    },
  }
}
