// A consumer as the coordinator sees it: it joins, syncs, assigns partitions when it leads, sends heartbeats and commits; it may
// crash, lose answers, be slow. It takes one step when it is told to, and never on its own.
import type { Groups } from '../../src/broker/groups/groups.ts'
import type { Waiting } from '../../src/broker/groups/parked.ts'
import type * as ask from '../../src/broker/groups/requests.ts'

export const partitions = [0, 1, 2, 3, 4]

export interface Settings {
  readonly name: string
  readonly instanceId: string | null
  readonly needsKnownId: boolean
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
}

type Answer =
  | { readonly to: 'join'; readonly value: ask.JoinAnswer }
  | { readonly to: 'sync'; readonly value: ask.SyncAnswer }

/** What a member was told: judged by the test. */
export interface Told {
  readonly owner: string
  readonly generation: number
  readonly protocolName: string | null
  readonly owned: readonly number[]
}

export class SimulatedConsumer {
  memberId = ''
  generation = -1
  phase: 'out' | 'joining' | 'joined' | 'syncing' | 'member' = 'out'
  owned: readonly number[] = []
  /** busy in its handler: it sends heartbeats and does not listen to what they say */
  isBusy = false
  /** when the request that waits was sent; undefined when none does */
  askedAt: number | undefined
  readonly settings: Settings
  private readonly onTold: (told: Told) => void
  private waiting: Waiting | undefined
  private inbox: Answer | undefined
  private led: readonly ask.JoinedMember[] = []
  private taste = 0

  constructor(settings: Settings, onTold: (told: Told) => void) {
    this.settings = settings
    this.onTold = onTold
  }

  private get speaker(): ask.Speaker {
    return { groupId: 'g', memberId: this.memberId, instanceId: this.settings.instanceId }
  }

  /** Reads the answer that has come, or asks the next thing. */
  step(groups: Groups, now: number): void {
    if (this.inbox) return this.read()
    if (this.phase === 'out') this.join(groups, now)
    else if (this.phase === 'joined') this.sync(groups, now)
    else if (this.phase === 'member') this.beat(groups)
  }

  /** What a busy consumer does in the background, whatever it is told. */
  stayAlive(groups: Groups): void {
    const { inbox, speaker } = this
    // its background knows of a join before its handler does
    const told = inbox?.to === 'join' && inbox.value.error === 'NONE' ? inbox.value : this
    const { memberId, generation } = told
    if (this.isBusy && memberId !== '') groups.heartbeat({ ...speaker, memberId, generation })
  }

  /** Commits one partition that it owns. */
  commit(groups: Groups, offset: bigint, tell: (partition: number, error: string) => void): void {
    const partition = this.owned[Number(offset) % Math.max(1, this.owned.length)]
    if (this.phase !== 'member' || partition === undefined) return
    const { speaker, generation } = this
    const one = { topic: 't', partition, offset, leaderEpoch: -1, metadata: '', commitTime: undefined }
    groups.commit({ ...speaker, generation, retentionMs: undefined, offsets: [one] }, ([error]) =>
      tell(partition, error!),
    )
  }

  /** The process is killed: nothing is left of what it knew. */
  crash(): void {
    this.loseAnswer()
    this.reset()
  }

  /** The connection breaks: what it waits for never comes, and it asks again. */
  loseAnswer(): void {
    this.waiting?.cancel()
    this.waiting = undefined
    this.inbox = undefined
    this.askedAt = undefined
    if (this.phase === 'joining') this.phase = 'out'
    if (this.phase === 'syncing') this.phase = 'joined'
  }

  leave(groups: Groups): void {
    this.loseAnswer()
    if (this.memberId !== '') groups.leave({ groupId: 'g', members: [this.speaker] })
    this.reset()
  }

  /** It subscribes to something else, and says so when it joins next. */
  changeTaste(): void {
    this.taste += 1
    if (this.phase === 'member') this.phase = 'out'
  }

  private reset(): void {
    this.memberId = ''
    this.generation = -1
    this.owned = []
    this.phase = 'out'
  }

  private join(groups: Groups, now: number): void {
    const { name, needsKnownId, sessionTimeoutMs, rebalanceTimeoutMs } = this.settings
    const metadata = Buffer.from([0, 0, 0, 0, 0, 0, this.taste])
    const protocols = this.taste % 2 === 0 ? ['a', 'b'] : ['b']
    const request = {
      ...this.speaker,
      clientId: name,
      clientHost: '/127.0.0.1',
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      protocolType: 'consumer',
      protocols: protocols.map((each) => ({ name: each, metadata })),
      needsKnownId,
      canSkipAssignment: needsKnownId,
    }
    this.phase = 'joining'
    this.askedAt = now
    this.waiting = groups.join(request, (value) => this.receive({ to: 'join', value }))
  }

  private sync(groups: Groups, now: number): void {
    const { speaker, generation, led } = this
    const parts = led.map(({ memberId }, at) => ({
      memberId,
      assignment: Buffer.from(partitions.filter((partition) => partition % led.length === at)),
    }))
    this.phase = 'syncing'
    this.askedAt = now
    const request = { ...speaker, generation, protocolType: null, protocolName: null, assignments: parts }
    this.waiting = groups.sync(request, (value) => this.receive({ to: 'sync', value }))
  }

  private beat(groups: Groups): void {
    const { speaker, generation } = this
    this.obey(groups.heartbeat({ ...speaker, generation }))
  }

  private receive(answer: Answer): void {
    this.inbox = answer
    this.askedAt = undefined
    const isTold = answer.to === 'sync' && answer.value.error === 'NONE'
    if (!isTold) return
    const { generation, memberId, settings } = this
    const owned = [...answer.value.assignment]
    this.onTold({ owner: settings.instanceId ?? memberId, generation, protocolName: answer.value.protocolName, owned })
  }

  private read(): void {
    const { to, value } = this.inbox!
    this.inbox = undefined
    this.waiting = undefined
    if (value.error !== 'NONE') {
      if (to === 'join' && value.error === 'MEMBER_ID_REQUIRED') this.memberId = value.memberId
      return this.obey(value.error)
    }
    if (to === 'sync') {
      this.owned = [...value.assignment]
      this.phase = 'member'
      return
    }
    this.memberId = value.memberId
    this.generation = value.generation
    this.led = value.leaderId === value.memberId && !value.skipAssignment ? value.members : []
    this.phase = 'joined'
  }

  /** Does what an error asks for: join again, with the same id or as somebody new. */
  private obey(error: string): void {
    if (error === 'NONE') return
    if (['UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID', 'ILLEGAL_GENERATION'].includes(error)) this.reset()
    this.owned = []
    this.phase = 'out'
  }
}
