// Listeners of a service: records of its topics and of their retry topics, to its handlers.
import { ConsumerLoop } from './consumer-loop.ts'
import type { WorkContext } from './failure-steps.ts'
import { sourcesOf } from './sources.ts'
import {
  type ListenersOptions,
  type MembershipState,
  type PartitionNumbers,
  type SeekTo,
  type Sought,
  usualLimits,
} from './words.ts'

export interface RunningListeners {
  /** resolves after `stop`; rejects with what no patience helps against, and with the error that `then: stop` ends the service for */
  readonly ended: Promise<void>
  /** all that are read, retry topics too */
  readonly topics: ReadonlyMap<string, { readonly isPaused: boolean }>
  state(): MembershipState
  /** for health and metrics */
  numbers(): readonly PartitionNumbers[]
  /** Begins no more records of the topic and of its retry topics; what is in work ends. */
  readonly pause: (topic: string) => void
  readonly resume: (topic: string) => void
  /**
   * Goes on from another place in the partitions of a topic, or of a retry topic, that this member has. Handlers see again what is read
   * again. What is in work ends first, or is told to. Throws `usage` for a partition or an offset that there is not.
   */
  readonly seek: (topic: string, to: SeekTo) => Promise<Sought>
  /** Drains, commits, leaves. */
  stop(timeoutMs: number): Promise<void>
}

/** Joins the group in the background. */
export function startListeners(options: ListenersOptions): RunningListeners {
  const limits = { ...usualLimits, ...options.limits }
  let stopFor: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_resolve, reject) => {
    stopFor = reject
  })
  const context: WorkContext = { random: Math.random, ...options, stopFor }
  const sources = sourcesOf(options.service, options.definitions)
  const loop = new ConsumerLoop({ ...options, limits }, sources, context)
  const ended = Promise.race([failed, loop.consumer.ended])
  // whoever waits for it is told; nobody has to
  ended.then(
    () => loop.membership.end(),
    (error: unknown) => loop.membership.end(error),
  )
  return {
    ended,
    get topics() {
      return new Map([...sources.keys()].map((topic) => [topic, { isPaused: loop.isPaused(topic) }]))
    },
    state: () => loop.membership.state(),
    numbers: () => loop.numbers(),
    pause: (topic) => loop.pause(topic),
    resume: (topic) => loop.resume(topic),
    seek: (topic, to) => loop.seek(topic, to),
    stop: (timeoutMs) => loop.stop(timeoutMs),
  }
}
