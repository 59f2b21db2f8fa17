// What becomes of a record that failed: it goes to another topic, is left out, or ends the service.
import { EvplatError, messageOf } from '../../core/errors.ts'
import { deadLetterTopicName, retryTopicName } from '../../core/failure-topic-names.ts'
import type { InRecord } from '../../kafka/driver/port.ts'
import { wait } from '../clock.ts'
import { type Origin, failureHeaders } from './failure-headers.ts'
import { type NextStep, backoffMs } from './next-step.ts'
import type { PartitionWork } from './partition-work.ts'
import type { ListenersOptions, TroubledRecord } from './words.ts'

export interface WorkContext extends Pick<ListenersOptions, 'clock' | 'decode' | 'producer' | 'service' | 'tell'> {
  readonly random: () => number
  /** ends the service: `then: 'stop'` */
  readonly stopFor: (error: unknown) => void
}

export interface Task {
  readonly record: InRecord
  readonly origin: Origin
  readonly of: PartitionWork
  readonly context: WorkContext
}

export interface LastFailure {
  readonly attempt: number
  readonly error: unknown
}

export const placeOf = ({ origin, record }: Task): TroubledRecord => {
  const { topic, partition, offset } = origin
  const { key, headers } = record
  return { topic, partition, offset, key, headers }
}

/** Holds the partition back; false when it is not wanted here any more. */
export async function waitBlocked({ of, record, context }: Task, ms: number, error: unknown): Promise<boolean> {
  of.blockedBy.set(record.offset, messageOf(error))
  await wait(context.clock, ms, of.drainSignal)
  of.blockedBy.delete(record.offset)
  return !of.drainSignal.aborted
}

/** Resolves with true when the record counts as done. Never rejects. */
export async function takeStep(
  task: Task,
  step: Exclude<NextStep, { kind: 'again' }>,
  last: LastFailure,
): Promise<boolean> {
  const { context, origin } = task
  const { group } = context.service
  switch (step.kind) {
    case 'retry-topic': {
      const to = retryTopicName(origin.topic, group, step.delayMs)
      return move(task, { to, delayMs: step.delayMs }, last)
    }
    case 'dlt':
      return move(task, { to: deadLetterTopicName(origin.topic, group) }, last)
    case 'skip':
      context.tell({ kind: 'skipped', error: last.error, ...placeOf(task) })
      return true
    case 'stop':
      context.stopFor(last.error)
      return false
  }
}

/**
 * Resolves with true when the brokers have acknowledged the record in its new topic; tries for as long as the partition is here. Key and
 * value stay whole: one that a topic is too small for holds its partition back until the topic takes it, or the partition goes elsewhere.
 */
async function move(task: Task, target: { to: string; delayMs?: number }, last: LastFailure): Promise<boolean> {
  const { origin, of, context } = task
  const { to, delayMs } = target
  let isBrief = false
  for (let tries = 1; ; tries += 1) {
    const due = delayMs === undefined ? {} : { due: context.clock.epoch() + delayMs }
    const told = { group: context.service.group, attempts: last.attempt, error: last.error, isBrief, ...due }
    const { key, value, headers } = task.record
    try {
      await context.producer.send({ topic: to, key, value, headers: failureHeaders(headers, origin, told) })
      break
    } catch (error) {
      // what is too large may be so by what was added
      if (!isBrief && isTooLarge(error)) {
        isBrief = true
        continue
      }
      context.tell({ kind: 'not-sent', to, error, ...placeOf(task) })
      if (!(await waitBlocked(task, backoffMs(tries, context.random()), error))) return false
    }
  }
  const isDeadLetter = delayMs === undefined
  if (isDeadLetter) of.deadLetters += 1
  else of.retries += 1
  context.tell({ kind: 'moved', to, isDeadLetter, ...placeOf(task) })
  return true
}

function isTooLarge(error: unknown): boolean {
  const code = error instanceof EvplatError ? error.parts.details?.['code'] : undefined
  return code === 'MESSAGE_TOO_LARGE' || code === 'RECORD_LIST_TOO_LARGE'
}
