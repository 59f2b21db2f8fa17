// The one writer of the log. The state follows the log: a record is applied when its append was acknowledged, never before.
import { messageOf } from '../core/errors.ts'
import { decodeRecord } from './decode-record.ts'
import { type RegistryRecord, encodeRecord } from './records.ts'
import { Refusal, refusals } from './refusals.ts'
import type { LogRecord, SchemaLog } from './schema-log.ts'
import { type RegistryState, applyRecord, emptyState } from './state.ts'

/** What an operation writes, and what it answers once that is durable. */
export interface Decision<T> {
  readonly records: readonly RegistryRecord[]
  readonly answer: T
}

export interface Journal {
  readonly state: RegistryState
  /** number of records of the log that could not be understood and were passed over */
  readonly unreadable: () => number
  /**
   * Lets `decide` look at the state when every earlier write is done, appends its records, and gives its answer.
   * Throws what `decide` throws, and the refusals 50001, 50002 and 42209 where the log fails, is late, or a record is too large.
   */
  write<T>(decide: (state: RegistryState) => Decision<T>): Promise<T>
  /** Resolves when the writes that had begun are done. */
  idle(): Promise<void>
}

/** What a Kafka topic with default settings takes as one batch, less what its headers need. */
const maxRecordBytes = 1_000_000

/** Replays the log and answers the journal on it. Rejects with what the log rejects with. */
export async function openJournal(log: SchemaLog, options: { readonly timeoutMs: number }): Promise<Journal> {
  const follower = followLog(log)
  await follower.settle()
  let tail: Promise<unknown> = Promise.resolve()

  const runOne = async <T>(decide: (state: RegistryState) => Decision<T>, due: number): Promise<T> => {
    const late = refusals.timedOut(options.timeoutMs)
    const inTime = (work: () => Promise<void>): Promise<void> => before(due, work, late)
    if (follower.inDoubt()) await inTime(follower.settle)
    const { records, answer } = decide(follower.state)
    const encoded = records.map(encodeRecord)
    if (encoded.some(({ value }) => value && value.length > maxRecordBytes)) throw refusals.tooLarge(maxRecordBytes)
    if (encoded.length > 0) await inTime(() => follower.append(encoded))
    return answer
  }

  return {
    state: follower.state,
    unreadable: follower.unreadable,
    write: (decide) => {
      const due = performance.now() + options.timeoutMs
      const done = tail.then(() => runOne(decide, due))
      tail = done.catch(() => undefined)
      return done
    },
    idle: async () => {
      await tail
    },
  }
}

/** State and log kept in step. Of its two steps only the newest may go on: one that was given up is stopped at its next wait. */
function followLog(log: SchemaLog) {
  const state = emptyState()
  let next = 0
  let unreadable = 0
  let doubt = true
  let newest = 0

  const take = ({ offset, key, value }: LogRecord): void => {
    if (offset < next) return
    const record = decodeRecord(key, value)
    if (record === 'unreadable') unreadable++
    else if (record !== 'ignored') applyRecord(state, record)
    next = offset + 1
  }
  const step = (): (() => void) => {
    const mine = ++newest
    doubt = true
    return () => {
      if (mine !== newest) throw new Error('given up')
    }
  }

  return {
    state,
    unreadable: () => unreadable,
    inDoubt: () => doubt,
    /** A failed append may have happened all the same: an acknowledged no-op ends that doubt, then the log is read up to it. */
    settle: async (): Promise<void> => {
      const check = step()
      const { key, value } = encodeRecord({ kind: 'noop' })
      await log.append(key, value)
      check()
      await log.read(next, take)
      check()
      doubt = false
    },
    /** Appends all, then applies all: readers see the whole of it or nothing. */
    append: async (records: readonly { readonly key: Buffer; readonly value: Buffer | null }[]): Promise<void> => {
      const check = step()
      const written: LogRecord[] = []
      for (const { key, value } of records) {
        written.push({ offset: await log.append(key, value), key, value })
        check()
      }
      written.forEach(take)
      doubt = false
    },
  }
}

/** Waits for `work`, started only if there is time left, else throws `late`. What the log throws becomes a refusal. */
async function before(due: number, work: () => Promise<void>, late: Refusal): Promise<void> {
  const left = due - performance.now()
  if (left <= 0) throw late
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), left)
  })
  try {
    await Promise.race([work(), deadline])
  } catch (thrown) {
    throw thrown instanceof Refusal ? thrown : refusals.storeFailed(messageOf(thrown))
  } finally {
    clearTimeout(timer)
  }
}
