// Ids of idempotent producers: each is given once, also across restarts. They are reserved in blocks, so that few are written down; where
// a block ends is written twice, so that one flipped bit does not cost it.
import type { Clock } from './clock.ts'
import type { Journal } from './storage/store.ts'

const blockSize = 1000n

export interface ProducerIds {
  /** Throws what the device says when a block can't be written down. */
  next(): bigint
}

export interface ProducerIdsOptions {
  readonly journal: Journal
  readonly clock: Clock
  /** hears where ids go on when nobody knows any more which were given */
  readonly onLost: (next: bigint) => void
}

function write(journal: Journal, end: bigint): void {
  const record = Buffer.alloc(8)
  record.writeBigInt64BE(end)
  journal.rewrite([record, record])
}

/** Goes on after the last block that the journal knows. */
export function createProducerIds({ journal, clock, onLost }: ProducerIdsOptions): ProducerIds {
  let nextId: bigint | undefined
  const isWhole = journal.replay((record) => (nextId = record.readBigInt64BE()))
  if (nextId === undefined && !isWhole) {
    // no broker gives a thousand ids in each millisecond since 1970
    nextId = BigInt(clock.now()) * 1000n
    write(journal, nextId)
    onLost(nextId)
  }
  let next = nextId ?? 0n
  let blockEnd = next
  return {
    next() {
      if (next === blockEnd) {
        write(journal, blockEnd + blockSize)
        blockEnd += blockSize // not before it is written down
      }
      return next++
    },
  }
}
