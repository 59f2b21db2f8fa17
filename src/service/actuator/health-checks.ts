// The components that each service has. What only a restart mends counts for liveness; what others have to mend, for readiness.
import type { Health, HealthCheck, ListenerFact, ListenerFacts, PartitionFacts } from './ports.ts'

/** UP when the question is answered: of a broker, or of the registry. Its error is the reason. */
export function reachable(name: string, ask: (signal: AbortSignal) => Promise<Health['details']>): HealthCheck {
  return {
    name,
    groups: ['readiness'],
    async check(signal) {
      const details = await ask(signal)
      return details === undefined ? { status: 'UP' } : { status: 'UP', details }
    },
  }
}

/** Whether the service wants requests: not before it has started, and not when it is about to end. */
export interface Traffic {
  readonly check: HealthCheck
  accept(): void
  refuse(): void
}

/** Refuses until it is told to accept. */
export function trafficState(): Traffic {
  let isAccepting = false
  const check = (): Health => ({ status: isAccepting ? 'UP' : 'OUT_OF_SERVICE' })
  return {
    check: { name: 'readinessState', groups: ['readiness'], check },
    accept: () => {
      isAccepting = true
    },
    refuse: () => {
      isAccepting = false
    },
  }
}

/** In records and milliseconds; without a bound anything goes. */
export interface ListenerBounds {
  /** who was put out of the group may be none of its members for so long; a rebalance puts nobody out */
  readonly joiningMs: number
  readonly maxLag?: number
  /** a record in work for longer is stuck */
  readonly stuckMs?: number
  /** a partition with lag and nothing in work that is quiet for longer is stalled */
  readonly stalledMs?: number
}

/** The consumer is a member, and each partition goes on: told with topic, partition and what is wrong. */
export function listenersCheck(facts: ListenerFacts, bounds: ListenerBounds): HealthCheck {
  return {
    name: 'listeners',
    groups: ['readiness'],
    check() {
      const listeners = facts.list()
      const problems = [
        ...membershipProblems(facts, bounds),
        ...listeners.flatMap((listener) => partitionProblems(listener, bounds)),
      ]
      const details = { group: facts.group, state: facts.state().is, listeners: summaries(listeners) }
      if (problems.length === 0) return { status: 'UP', details }
      return { status: 'DOWN', details: { ...details, problems } }
    },
  }
}

/** Liveness: a consumer that ended, or partitions that stand still though nothing is in work. A restart mends both. */
export function consumerCheck(facts: ListenerFacts, bounds: ListenerBounds): HealthCheck {
  return {
    name: 'consumer',
    groups: ['liveness'],
    check() {
      const { is, error } = facts.state()
      const stalled = facts.list().flatMap((listener) => stalledPartitions(listener, bounds))
      if (is !== 'ended' && stalled.length === 0) return { status: 'UP' }
      return { status: 'DOWN', details: { state: is, ...(error !== undefined && { error }), stalled } }
    },
  }
}

/** The event loop answers within the bound: what keeps it busy keeps heartbeats and requests waiting. Takes and gives milliseconds. */
export function eventLoopCheck(delay: () => number, maxMs: number): HealthCheck {
  return {
    name: 'eventLoop',
    groups: ['readiness'],
    check() {
      const delayMs = delay()
      return { status: delayMs > maxMs ? 'DOWN' : 'UP', details: { delayMs: Math.round(delayMs), maxMs } }
    },
  }
}

function membershipProblems(facts: ListenerFacts, { joiningMs }: ListenerBounds): string[] {
  const { is, forMs, wasMember, error } = facts.state()
  if (is === 'ended') return [`the consumer has ended${error === undefined ? '' : `: ${error}`}`]
  if (is === 'member' || (wasMember && forMs <= joiningMs)) return []
  return [`not a member of group "${facts.group}" for ${Math.round(forMs)} ms`]
}

function partitionProblems(listener: ListenerFact, bounds: ListenerBounds): string[] {
  const { maxLag = Infinity, stuckMs = Infinity } = bounds
  return [
    ...listener.partitions
      .filter(({ lag }) => (lag ?? 0) > maxLag)
      .map(({ partition, lag }) => `${nameOf(listener, partition)} has a lag of ${lag}, more than ${maxLag}`),
    ...listener.partitions
      .filter(({ oldestInWorkMs }) => oldestInWorkMs > stuckMs)
      .map(
        (p) =>
          `${nameOf(listener, p.partition)} is stuck: a record is in work for ${Math.round(p.oldestInWorkMs)} ms${
            p.blockedBy === undefined ? '' : `: ${p.blockedBy}`
          }`,
      ),
    ...stalledPartitions(listener, bounds),
  ]
}

function stalledPartitions(listener: ListenerFact, { stalledMs = Infinity }: ListenerBounds): string[] {
  const isStalled = ({ lag, inWork, quietMs }: PartitionFacts): boolean =>
    !listener.isPaused && (lag ?? 0) > 0 && inWork === 0 && quietMs > stalledMs
  return listener.partitions
    .filter(isStalled)
    .map((p) => `${nameOf(listener, p.partition)} is stalled: nothing came for ${Math.round(p.quietMs)} ms`)
}

const nameOf = ({ topic }: ListenerFact, partition: number): string => `${topic}-${partition}`

function summaries(listeners: readonly ListenerFact[]): Record<string, unknown> {
  return Object.fromEntries(
    listeners.map(({ topic, isPaused, partitions }) => [
      topic,
      {
        isPaused,
        partitions: partitions.length,
        lag: partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
        inWork: partitions.reduce((sum, { inWork }) => sum + inWork, 0),
        oldestInWorkMs: Math.max(0, ...partitions.map(({ oldestInWorkMs }) => oldestInWorkMs)),
      },
    ]),
  )
}
