// What is done with one record until it counts as done: handled, left out on purpose, or acknowledged in another topic.
import { isPromise } from '../../core/is-promise.ts'
import { type Task, placeOf, takeStep, waitBlocked } from './failure-steps.ts'
import { backoffMs, nextStep } from './next-step.ts'
import type { Decoded } from '../values/values.ts'
import type { Handed, ListenerDefinition } from './words.ts'

type Outcome =
  | { readonly kind: 'handled' }
  | { readonly kind: 'filtered' }
  | { readonly kind: 'away'; readonly error: unknown }
  | { readonly kind: 'failed'; readonly error: unknown; readonly isFinal: boolean }

type Read =
  | { readonly kind: 'event'; readonly event: unknown; readonly handed: Handed }
  | Exclude<Outcome, { kind: 'handled' }>

/** Resolves with false where the record is left to whoever gets the partition next. Never rejects. */
export async function workOn(task: Task): Promise<boolean> {
  const { of, context, origin } = task
  let attempt = origin.attempts + 1
  for (;;) {
    const began = context.clock.now()
    const outcome = await tryOnce(task, attempt)
    const ms = context.clock.now() - began
    if (outcome.kind === 'handled' || outcome.kind === 'filtered') {
      const { topic, partition, offset } = origin
      context.tell({ kind: outcome.kind, ms, attempt, topic, partition, offset })
      return true
    }
    // what failed because it was told to end has not failed
    if (of.abortSignal.aborted) return false
    if (outcome.kind === 'away') {
      if (!(await untilBack(task, outcome.error))) return false
      continue
    }
    const { failures } = context.service
    const { error, isFinal } = outcome
    const step = nextStep({ attempt, isFinal, failures, random: context.random() })
    context.tell({ kind: 'failed', error, ms, attempt, next: step.kind, ...placeOf(task) })
    if (step.kind !== 'again') return takeStep(task, step, { attempt, error })
    of.retries += 1
    if (!(await waitBlocked(task, step.afterMs, error))) return false
    attempt += 1
  }
}

async function tryOnce(task: Task, attempt: number): Promise<Outcome> {
  const { definition } = task.of.source
  const reading = readOne(task, attempt)
  const read = isPromise(reading) ? await reading : reading
  if (read.kind !== 'event') return read
  try {
    // what is handled in batches comes another way
    const handling = definition.handle!(read.event, read.handed)
    if (isPromise(handling)) await handling
    return { kind: 'handled' }
  } catch (error) {
    return { kind: 'failed', error, isFinal: isNotRetryable(definition, error) }
  }
}

/** The event of a record, where it has one that the listener wants. */
export function readOne(task: Task, attempt: number): Read | Promise<Read> {
  const unread = (error: unknown): Read => ({ kind: 'failed', error, isFinal: false })
  try {
    const decoded = task.context.decode(task.record, task.origin.topic)
    if (!isPromise(decoded)) return wanted(task, attempt, decoded)
    return decoded.then((read) => wanted(task, attempt, read), unread)
  } catch (error) {
    return unread(error)
  }
}

/** Never throws. */
function wanted({ record, origin, of }: Task, attempt: number, decoded: Decoded): Read {
  const { definition } = of.source
  if (decoded.kind === 'away') return decoded
  if (decoded.kind === 'poison') return { kind: 'failed', error: decoded.error, isFinal: true }
  const { topic, partition, offset, timestamp } = origin
  const { key, event } = decoded
  const { headers } = record
  const signal = of.abortSignal
  const handed: Handed = { topic, partition, offset, timestamp, key, headers, attempt, signal }
  try {
    if (definition.filter && !definition.filter(event, handed)) return { kind: 'filtered' }
  } catch (error) {
    return { kind: 'failed', error, isFinal: isNotRetryable(definition, error) }
  }
  return { kind: 'event', event, handed }
}

/** A predicate that throws has not said that an error is final. */
export function isNotRetryable({ notRetryable }: Pick<ListenerDefinition, 'notRetryable'>, error: unknown): boolean {
  try {
    return notRetryable?.(error) ?? false
  } catch {
    return false
  }
}

/** Nothing of the partition begins until what is needed to read the record may be back. */
export async function untilBack(task: Task, error: unknown): Promise<boolean> {
  const { of, context } = task
  context.tell({ kind: 'away', error, ...placeOf(task) })
  of.away(true)
  const isWanted = await waitBlocked(task, backoffMs(4, context.random()), error)
  of.away(false)
  return isWanted
}
