// A coordinator with virtual time, and short ways to ask it what members ask.
import type { GroupsConfig } from '../../src/broker/groups/config.ts'
import { createGroups, type Groups } from '../../src/broker/groups/groups.ts'
import type { Waiting } from '../../src/broker/groups/parked.ts'
import type * as ask from '../../src/broker/groups/requests.ts'
import { Writer } from '../../src/protocol/writer.ts'
import { MemoryJournal } from './memory-journal.ts'
import { VirtualClock } from './virtual-clock.ts'

/** A request that was sent: its answer when it has come. */
export interface Asked<T> {
  readonly answers: readonly T[]
  readonly waiting: Waiting
}

/** The one answer; throws when there is none, or more. */
export function answerOf<T>({ answers }: Asked<T>): T {
  if (answers.length !== 1) throw new Error(`${answers.length} answers`)
  return answers[0]!
}

export const sessionMs = 10_000
export const rebalanceMs = 60_000

/** The subscription of a consumer, version 0: topics, no user data. */
export function subscription(...topics: string[]): Buffer {
  const writer = new Writer()
  writer.int16(0)
  writer.int32(topics.length)
  for (const topic of topics) {
    const length = Buffer.byteLength(topic)
    writer.int16(length)
    writer.string(topic, length)
  }
  writer.int32(-1)
  return writer.toBuffer()
}

const groupId = 'g'
const stranger = { groupId, memberId: '', instanceId: null }
const newcomer: ask.JoinRequest = {
  ...stranger,
  clientId: 'c',
  clientHost: '/127.0.0.1',
  sessionTimeoutMs: sessionMs,
  rebalanceTimeoutMs: rebalanceMs,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: subscription('t') }],
  needsKnownId: false,
  canSkipAssignment: false,
}

export interface Joined {
  readonly memberId: string
  readonly generation: number
}

export class GroupWorld {
  readonly clock = new VirtualClock()
  readonly journal = new MemoryJournal()
  groups: Groups
  private readonly config: Partial<GroupsConfig>
  private ids = 0

  constructor(config: Partial<GroupsConfig> = {}) {
    this.config = config
    this.groups = this.open()
  }

  private open(): Groups {
    const { clock, journal, config } = this
    return createGroups({ clock, store: { journal: () => journal }, config, newId: () => `${++this.ids}` })
  }

  /** A new coordinator on the journal of the old one, as after a crash. */
  restart(): void {
    this.groups.close()
    this.groups = this.open()
  }

  private asked<R, A>(how: (request: R, reply: (answer: A) => void) => Waiting, request: R): Asked<A> {
    const answers: A[] = []
    const waiting = how(request, (answer) => answers.push(answer))
    return { answers, waiting }
  }

  join(more: Partial<ask.JoinRequest> = {}): Asked<ask.JoinAnswer> {
    return this.asked<ask.JoinRequest, ask.JoinAnswer>((request, reply) => this.groups.join(request, reply), {
      ...newcomer,
      ...more,
    })
  }

  sync(more: Partial<ask.SyncRequest> & Joined): Asked<ask.SyncAnswer> {
    const none = { ...stranger, protocolType: null, protocolName: null, assignments: [] }
    return this.asked<ask.SyncRequest, ask.SyncAnswer>((request, reply) => this.groups.sync(request, reply), {
      ...none,
      ...more,
    })
  }

  heartbeat(more: Partial<ask.HeartbeatRequest> & Joined): string {
    return this.groups.heartbeat({ ...stranger, ...more })
  }

  leave(...members: Partial<ask.Speaker>[]): string[] {
    const leaving = members.map((each) => ({ memberId: '', instanceId: null, ...each }))
    return this.groups.leave({ groupId, members: leaving }).members.map(({ error }) => error)
  }

  commit(offset: number, more: Partial<ask.CommitRequest> = {}): Asked<ask.CommitAnswer> {
    const one = {
      topic: 't',
      partition: 0,
      offset: BigInt(offset),
      leaderEpoch: -1,
      metadata: '',
      commitTime: undefined,
    }
    const nobody = { ...stranger, generation: -1, retentionMs: undefined, offsets: [one] }
    return this.asked<ask.CommitRequest, ask.CommitAnswer>((request, reply) => this.groups.commit(request, reply), {
      ...nobody,
      ...more,
    })
  }

  /** the committed offset of partition 0 of topic t; an error by its name */
  committed(more: Partial<ask.OffsetsRequest> = {}): number | string {
    const partitions = [{ topic: 't', partition: 0 }]
    const { offsets } = this.groups.fetchOffsets({ groupId, partitions, requireStable: false, ...more })
    const { error, offset } = offsets[0]!
    return error === 'NONE' ? Number(offset) : error
  }

  get state(): string {
    return this.groups.describe(groupId).state
  }

  /** Brings members into one stable group, the first as its leader; each gets its own id as its assignment. */
  stable(...members: Partial<ask.JoinRequest>[]): Joined[] {
    const ids: string[] = []
    let last: Joined[] = []
    for (const [at, member] of members.entries()) {
      const join = this.join(member)
      const others = members.slice(0, at).map((other, i) => this.join({ ...other, memberId: ids[i]! }))
      const answers = [...others, join].map(answerOf)
      last = answers.map(({ memberId, generation }) => ({ memberId, generation }))
      ids.splice(0, ids.length, ...last.map(({ memberId }) => memberId))
    }
    const assignments = ids.map((memberId) => ({ memberId, assignment: Buffer.from(memberId) }))
    for (const [at, joined] of last.entries()) {
      const instanceId = members[at]?.instanceId ?? null
      this.sync({ ...joined, instanceId, assignments: at === 0 ? assignments : [] })
    }
    if (this.state !== 'Stable') throw new Error(`the group is ${this.state}`)
    return last
  }
}
