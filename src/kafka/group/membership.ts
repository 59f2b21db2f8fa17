// Membership in a consumer group: who reads which partitions, and how far they are read. This is kafkajs' part; nothing of it is
// seen outside. Records are not: what kafkajs fetches it unpacks in ways of its own (it does not tell how far compacted or rolled
// back offsets reach), so every partition is paused at once and read like any other.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { EvplatError, messageOf } from '../../core/errors.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { groupError } from '../admin/coordinator.ts'
import { isOutage, newOutage } from './outage.ts'

/** The partitions of one member from one rebalance to the next. */
export interface Assignment {
  readonly partitions: readonly number[]
  /** aborted when the group is shared out anew, and when the membership ends */
  readonly over: AbortSignal
}

export interface Membership {
  /** the present assignment, or the first or next one; undefined when the membership was to end */
  assignment(): Promise<Assignment | undefined>
  /** commits the offsets to go on from, by partition; false when the group was shared out anew before, or its coordinator is lost */
  commit(assignment: Assignment, offsets: ReadonlyMap<number, number>): Promise<boolean>
  leave(): Promise<void>
}

export interface MembershipOptions {
  readonly group: string
  readonly topic: string
  readonly signal: AbortSignal
}

/** A member that is busy elsewhere is not thrown out: kafkajs looks after the group while records are read and written. */
const heartbeatMs = 1000
/** how long a member that died keeps its partitions from the others */
const sessionMs = 10_000
const patience = { initialRetryTime: 100, maxRetryTime: 2000, retries: 40 }
/** a member looks for another coordinator only when it has given up the one that it had, and starts anew */
const coordinatorPatience = { initialRetryTime: 100, maxRetryTime: 1000, retries: 5 }
const leaveWithinMs = 10_000

/** What a broker says to a member that is none any more. */
const lostMembership: ReadonlySet<unknown> = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'FENCED_INSTANCE_ID',
])

function newConsumer({ bootstrap, tls, sasl }: ClusterSettings, group: string): Consumer {
  const client = new Kafka({
    clientId: 'evplat',
    brokers: [...bootstrap],
    logLevel: logLevel.NOTHING,
    ...(tls && { ssl: tls.ca === undefined ? true : { ca: tls.ca } }),
    ...(sasl && { sasl: { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password } as never }),
    retry: patience,
  })
  return client.consumer({
    groupId: group,
    heartbeatInterval: heartbeatMs,
    sessionTimeout: sessionMs,
    maxWaitTimeInMs: 200,
    allowAutoTopicCreation: false,
    retry: coordinatorPatience,
  })
}

/** Joins a group as a reader of one topic. Errors come from `assignment`. */
export async function joinGroup(settings: ClusterSettings, options: MembershipOptions): Promise<Membership> {
  const { group, topic, signal } = options
  const consumer = newConsumer(settings, group)
  const turns = newTurns(signal)
  const outage = newOutage()
  let given: readonly number[] = []
  /** heartbeats that were taken since the last turn ended; the first may have been on its way by then */
  let beats = 0
  const endTurn = (): void => {
    beats = 0
    turns.end()
  }
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    consumer.pause([{ topic }])
    outage.end()
    given = payload.memberAssignment[topic] ?? []
    turns.begin(given)
  })
  // where a coordinator that loads refuses it, kafkajs gives up to join anew, and goes on as the member that it was
  consumer.on(consumer.events.HEARTBEAT, () => {
    if (++beats === 2 && turns.isOver()) turns.begin(given)
  })
  consumer.on(consumer.events.REBALANCING, endTurn)
  const run = (): Promise<void> => consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() })
  let hasLeft = false
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    endTurn()
    const isPassing = (restart || isOutage(error)) && outage.isBearable()
    if (!isPassing) turns.fail(explain(error, group))
    else if (!restart) void runAgain()
  })
  /** kafkajs has given up what may pass. */
  const runAgain = async (): Promise<void> => {
    await sleep(coordinatorPatience.maxRetryTime, undefined, { signal }).catch(() => undefined)
    if (!hasLeft && !signal.aborted) await run().catch((thrown: unknown) => turns.fail(explain(thrown, group)))
  }
  await begin(consumer, topic, run).catch((thrown: unknown) => {
    throw explain(thrown, group)
  })
  return {
    assignment: turns.present,
    commit: async (assignment, offsets) => {
      if (assignment.over.aborted) return false
      const all = [...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) }))
      try {
        await consumer.commitOffsets(all)
        outage.end()
      } catch (thrown) {
        const isOver = assignment.over.aborted || lostMembership.has(typeOf(thrown))
        if (isOver || (isOutage(thrown) && outage.isBearable())) return false
        throw explain(thrown, group)
      }
      // a consumer that starts again after a crash takes commits and drops them
      return !assignment.over.aborted
    },
    leave: async () => {
      hasLeft = true
      turns.end()
      await disconnectInTime(consumer)
    },
  }
}

async function begin(consumer: Consumer, topic: string, run: () => Promise<void>): Promise<void> {
  try {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await run()
  } catch (thrown) {
    await consumer.disconnect().catch(() => undefined)
    throw thrown
  }
}

async function disconnectInTime(consumer: Consumer): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, leaveWithinMs)))
  await Promise.race([consumer.disconnect().catch(() => undefined), late])
  clearTimeout(timer)
}

interface Turns {
  readonly present: Membership['assignment']
  begin(partitions: readonly number[]): void
  isOver(): boolean
  end(): void
  fail(error: EvplatError): void
}

/** One assignment after the other, and those who wait for the next one. */
function newTurns(signal: AbortSignal): Turns {
  let current: { assignment: Assignment; ended: AbortController } | undefined
  let failure: EvplatError | undefined
  let wake: () => void = () => undefined
  const end = (): void => {
    current?.ended.abort()
    current = undefined
  }
  signal.addEventListener('abort', () => {
    end()
    wake()
  })
  return {
    end,
    isOver: () => current === undefined,
    begin(partitions) {
      end()
      const ended = new AbortController()
      current = { assignment: { partitions, over: ended.signal }, ended }
      wake()
    },
    fail(error) {
      failure = error
      wake()
    },
    async present() {
      while (!current && !failure && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
      if (signal.aborted) return undefined
      if (failure) throw failure
      return current!.assignment
    },
  }
}

function typeOf(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return undefined
  return 'type' in thrown && thrown.type !== undefined ? thrown.type : typeOf(thrown.cause)
}

function explain(thrown: unknown, group: string): EvplatError {
  if (thrown instanceof EvplatError) return thrown
  if (isOutage(thrown))
    return new EvplatError('broker-unreachable', `the coordinator of group "${group}" can't be reached`, {
      said: messageOf(thrown),
      saidBy: 'client',
      hint: 'are all brokers alive? `evplat groups list` asks each of them',
      cause: thrown,
    })
  if (typeOf(thrown) === 'GROUP_AUTHORIZATION_FAILED') return groupError(group, errorCode('GROUP_AUTHORIZATION_FAILED'))
  return new EvplatError('broker-refused', `group "${group}" can't be joined`, {
    said: messageOf(thrown),
    cause: thrown,
  })
}
