// What is done with the records of a batch until each of them counts as done. What fails goes its way alone; the others are handled.
import { isPromise } from '../../core/is-promise.ts'
import { type Task, placeOf, takeStep, waitBlocked } from './failure-steps.ts'
import { nextStep } from './next-step.ts'
import { isNotRetryable, readOne, untilBack } from './record-work.ts'
import type { BatchItem } from './words.ts'

interface Try {
  readonly task: Task
  readonly attempt: number
}

type Read = Awaited<ReturnType<typeof readOne>>
type Outcome = Exclude<Read, { kind: 'event' } | { kind: 'away' }> | { readonly kind: 'handled' }

/** Tells `done` of each record that counts as done; the others are left to whoever gets the partition next. Never rejects. */
export async function workOnBatch(tasks: readonly Task[], done: (task: Task) => void): Promise<void> {
  let left: readonly Try[] = tasks.map((task) => ({ task, attempt: task.origin.attempts + 1 }))
  while (left.length > 0) {
    const [first] = left
    const { clock } = first!.task.context
    const reading = left.map(({ task, attempt }) => readOne(task, attempt))
    // once the registry has been asked, all of them are there at once
    const reads = reading.some(isPromise) ? await Promise.all(reading.map(async (read) => read)) : (reading as Read[])
    const away = reads.findIndex(({ kind }) => kind === 'away')
    const read = reads[away]
    if (read?.kind === 'away') {
      if (!(await untilBack(left[away]!.task, read.error))) return
      continue
    }
    const began = clock.now()
    const outcomes = await tryAll(first!.task, reads)
    // what failed because it was told to end has not failed
    const isAborted = first!.task.of.abortSignal.aborted
    left = await settle(left, outcomes, { done, isAborted, ms: (clock.now() - began) / left.length })
  }
}

/** An outcome for each record, in their order. */
async function tryAll({ of }: Task, reads: readonly Read[]): Promise<readonly Outcome[]> {
  const { definition } = of.source
  const items: BatchItem[] = reads.filter((read) => read.kind === 'event')
  const failed = new Map<number, unknown>()
  const naming = (index: number, error: unknown): void => {
    if (items[index] === undefined) throw new RangeError(`the batch has no record ${index}`)
    failed.set(index, error)
  }
  try {
    if (items.length > 0) await definition.batch!.handle(items, { signal: of.abortSignal, failed: naming })
  } catch (error) {
    for (const index of items.keys()) if (!failed.has(index)) failed.set(index, error)
  }
  let index = -1
  return reads.map((read): Outcome => {
    if (read.kind === 'away') throw new TypeError('a record that cannot be read is in no batch')
    if (read.kind !== 'event') return read
    index += 1
    if (!failed.has(index)) return handled
    const error = failed.get(index)
    return { kind: 'failed', error, isFinal: isNotRetryable(definition, error) }
  })
}

const handled = { kind: 'handled' } as const

interface Settling {
  readonly done: (task: Task) => void
  readonly isAborted: boolean
  /** the share of a record of the time of its batch */
  readonly ms: number
}

/** Those that are to be tried again here, after their time. */
async function settle(tries: readonly Try[], outcomes: readonly Outcome[], how: Settling): Promise<readonly Try[]> {
  const failed: { readonly each: Try; readonly outcome: Extract<Outcome, { kind: 'failed' }> }[] = []
  for (const [index, each] of tries.entries()) {
    const outcome = outcomes[index]!
    if (outcome.kind === 'failed') failed.push({ each, outcome })
    else {
      const { task, attempt } = each
      const { topic, partition, offset } = task.origin
      task.context.tell({ kind: outcome.kind, ms: how.ms, attempt, topic, partition, offset })
      how.done(task)
    }
  }
  if (how.isAborted) return []
  const again: Try[] = []
  let longest = 0
  for (const { each, outcome } of failed) {
    const { task, attempt } = each
    const { error, isFinal } = outcome
    const { failures } = task.context.service
    const step = nextStep({ attempt, isFinal, failures, random: task.context.random() })
    task.context.tell({ kind: 'failed', error, ms: how.ms, attempt, next: step.kind, ...placeOf(task) })
    if (step.kind === 'again') {
      task.of.retries += 1
      longest = Math.max(longest, step.afterMs)
      again.push({ task, attempt: attempt + 1 })
    } else if (await takeStep(task, step, { attempt, error })) how.done(task)
    else return []
  }
  const [waiting] = again
  if (!waiting) return []
  return (await waitBlocked(waiting.task, longest, failed[0]!.outcome.error)) ? again : []
}
