// Listeners of a service: records of its topics and of their retry topics, to its handlers.
import { retryTopicName } from '../../core/failure-topic-names.ts'
import type { ConsumeOptions } from '../../kafka/driver/port.ts'
import { ConsumerLoop } from './consumer-loop.ts'
import type { Source } from './partition-work.ts'
import type { WorkContext } from './record-work.ts'
import { type ListenersOptions, type PartitionNumbers, usualLimits } from './words.ts'

export interface RunningListeners {
  /** resolves after `stop`; rejects with what no patience helps against, and with the error that `then: stop` ends the service for */
  readonly ended: Promise<void>
  /** for health and metrics */
  numbers(): readonly PartitionNumbers[]
  pause(topic: string): void
  resume(topic: string): void
  /** Drains, commits, leaves. */
  stop(timeoutMs: number): Promise<void>
}

type StartFrom = ConsumeOptions['startFrom']

/**
 * Topics by where a new group begins to read them, each with a consumer of its own. Retry topics are always read from their beginning:
 * what is in them is the group's own work.
 */
export function sourcesByStart(
  options: Pick<ListenersOptions, 'service' | 'definitions'>,
): Map<StartFrom, Map<string, Source>> {
  const { failures, group } = options.service
  const byStart = new Map<StartFrom, Map<string, Source>>()
  const add = (start: StartFrom, topic: string, source: Source): void => {
    byStart.set(start, (byStart.get(start) ?? new Map<string, Source>()).set(topic, source))
  }
  for (const definition of options.definitions) {
    const { topic, startFrom = 'earliest' } = definition
    add(startFrom instanceof Date ? startFrom.getTime() : startFrom, topic, { definition, isRetry: false })
    for (const delayMs of failures?.retryMs ?? [])
      add('earliest', retryTopicName(topic, group, delayMs), { definition, isRetry: true })
  }
  return byStart
}

/** Joins the group in the background. */
export function startListeners(options: ListenersOptions): RunningListeners {
  const limits = { ...usualLimits, ...options.limits }
  let stopFor: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_resolve, reject) => {
    stopFor = reject
  })
  const context: WorkContext = { ...options, stopFor }
  const loops = [...sourcesByStart(options)].map(
    ([start, sources]) => new ConsumerLoop({ ...options, limits }, sources, start, context),
  )
  const ended = Promise.race([failed, Promise.all(loops.map((loop) => loop.consumer.ended)).then(() => {})])
  // whoever waits for it is told; nobody has to
  ended.catch(() => {})
  return {
    ended,
    numbers: () => loops.flatMap((loop) => loop.numbers()),
    pause: (topic) => loops.forEach((loop) => loop.pause(topic)),
    resume: (topic) => loops.forEach((loop) => loop.resume(topic)),
    stop: async (timeoutMs) => {
      await Promise.all(loops.map((loop) => loop.stop(timeoutMs)))
    },
  }
}
