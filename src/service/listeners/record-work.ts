// What is done with one record until it counts as done: handled, left out on purpose, or acknowledged in another topic.
import { deadLetterTopicName, retryTopicName } from '../../core/failure-topic-names.ts'
import type { InRecord } from '../../kafka/driver/port.ts'
import { wait } from '../clock.ts'
import { type Origin, failureHeaders } from './failure-headers.ts'
import { type NextStep, backoffMs, nextStep } from './next-step.ts'
import type { PartitionWork } from './partition-work.ts'
import type { Handed, ListenersOptions } from './words.ts'

export interface WorkContext extends Pick<ListenersOptions, 'clock' | 'decode' | 'producer' | 'service' | 'tell'> {
  readonly random: () => number
  /** ends the service: `then: 'stop'` */
  readonly stopFor: (error: unknown) => void
}

interface Task {
  readonly record: InRecord
  readonly origin: Origin
  readonly of: PartitionWork
  readonly context: WorkContext
}

type Outcome =
  | { readonly kind: 'handled' }
  | { readonly kind: 'filtered' }
  | { readonly kind: 'away'; readonly error: unknown }
  | { readonly kind: 'failed'; readonly error: unknown; readonly isFinal: boolean }

const at = ({ origin }: Task): { topic: string; partition: number; offset: number } => {
  const { topic, partition, offset } = origin
  return { topic, partition, offset }
}

/** Resolves with false where the record is left to whoever gets the partition next. Never rejects. */
export async function workOn(task: Task): Promise<boolean> {
  const { of, context, origin } = task
  let attempt = origin.attempts + 1
  for (;;) {
    const began = context.clock.now()
    const outcome = await tryOnce(task, attempt)
    const ms = context.clock.now() - began
    if (outcome.kind === 'handled' || outcome.kind === 'filtered') {
      context.tell({ kind: outcome.kind, ms, attempt, ...at(task) })
      return true
    }
    // what failed because it was told to end has not failed
    if (of.abortSignal.aborted) return false
    if (outcome.kind === 'away') {
      if (!(await untilBack(task, outcome.error))) return false
      continue
    }
    const { failures } = context.service
    const step = nextStep({ attempt, isFinal: outcome.isFinal, failures, random: context.random() })
    context.tell({ kind: 'failed', error: outcome.error, ms, attempt, next: step.kind, ...at(task) })
    if (step.kind !== 'again') return takeStep(task, step, { attempt, error: outcome.error })
    of.retries += 1
    if (!(await waitBlocked(task, step.afterMs))) return false
    attempt += 1
  }
}

async function tryOnce({ record, origin, of, context }: Task, attempt: number): Promise<Outcome> {
  const { definition } = of.source
  let decoded
  try {
    decoded = await context.decode(record, origin.topic)
  } catch (error) {
    return { kind: 'failed', error, isFinal: false }
  }
  if (decoded.kind === 'away') return decoded
  if (decoded.kind === 'poison') return { kind: 'failed', error: decoded.error, isFinal: true }
  const { topic, partition, offset, timestamp } = origin
  const { key, event } = decoded
  const place = { topic, partition, offset, timestamp }
  const handed: Handed = { ...place, key, headers: record.headers, attempt, signal: of.abortSignal }
  try {
    if (definition.filter && !definition.filter(event, handed)) return { kind: 'filtered' }
    await definition.handle(event, handed)
    return { kind: 'handled' }
  } catch (error) {
    return { kind: 'failed', error, isFinal: isNotRetryable(definition.notRetryable, error) }
  }
}

/** A predicate that throws has not said that an error is final. */
function isNotRetryable(says: ((error: unknown) => boolean) | undefined, error: unknown): boolean {
  try {
    return says?.(error) ?? false
  } catch {
    return false
  }
}

async function untilBack(task: Task, error: unknown): Promise<boolean> {
  const { of, context } = task
  context.tell({ kind: 'away', error, ...at(task) })
  of.away(true)
  const isWanted = await waitBlocked(task, backoffMs(4, context.random()))
  of.away(false)
  return isWanted
}

async function waitBlocked({ of, context }: Task, ms: number): Promise<boolean> {
  of.blocked += 1
  await wait(context.clock, ms, of.drainSignal)
  of.blocked -= 1
  return !of.drainSignal.aborted
}

interface LastFailure {
  readonly attempt: number
  readonly error: unknown
}

async function takeStep(task: Task, step: Exclude<NextStep, { kind: 'again' }>, last: LastFailure): Promise<boolean> {
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
      context.tell({ kind: 'skipped', error: last.error, ...at(task) })
      return true
    case 'stop':
      context.stopFor(last.error)
      return false
  }
}

/** Resolves with true when the brokers have acknowledged the record in its new topic; tries for as long as the partition is here. */
async function move(task: Task, target: { to: string; delayMs?: number }, last: LastFailure): Promise<boolean> {
  const { record, origin, of, context } = task
  const { to, delayMs } = target
  for (let tries = 1; ; tries += 1) {
    const due = delayMs === undefined ? {} : { due: context.clock.epoch() + delayMs }
    const told = { group: context.service.group, attempts: last.attempt, error: last.error, ...due }
    const headers = failureHeaders(record.headers, origin, told)
    try {
      await context.producer.send({ topic: to, key: record.key, value: record.value, headers })
      break
    } catch (error) {
      context.tell({ kind: 'not-sent', error, ...at(task) })
      if (!(await waitBlocked(task, backoffMs(tries, context.random())))) return false
    }
  }
  const isDeadLetter = delayMs === undefined
  if (isDeadLetter) of.deadLetters += 1
  else of.retries += 1
  context.tell({ kind: 'moved', to, isDeadLetter, ...at(task) })
  return true
}
