// What a partition needs of the consumer that it belongs to.
import type { InRecord } from '../../kafka/driver/port.ts'
import type { Clock } from '../clock.ts'
import type { Origin } from './failure-headers.ts'
import type { PartitionWork } from './partition-work.ts'
import type { Limits } from './words.ts'

/** Why a partition is paused. */
export type Hold = 'full' | 'due' | 'away' | 'asked' | 'seek'

export interface PartitionOwner {
  readonly clock: Clock
  readonly limits: Limits
  /** Resolves with true when the record counts as done; never rejects. */
  readonly work: (record: InRecord, origin: Origin, of: PartitionWork) => Promise<boolean>
  /** Tells each record that counts as done; never rejects. */
  readonly workBatch: (
    records: readonly InRecord[],
    of: PartitionWork,
    done: (record: InRecord) => void,
  ) => Promise<void>
  readonly completed: () => void
  readonly setPaused: (of: PartitionWork, isPaused: boolean) => void
}
