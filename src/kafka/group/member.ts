// A member of a consumer group: one loop owns what it is and what it has. Rounds are incremental (KIP-429): a member reads on while others
// come and go, and gives up only what another one gets, after what is in work of it is done and committed.
import type { ClusterSettings } from '../../core/connection-settings.ts'
import {
  type TopicPartitions,
  assignmentBytes,
  readAssignment,
  readSubscription,
  subscriptionBytes,
} from '../../protocol/consumer-protocol.ts'
import { newChange, pauseFor } from './change.ts'
import { Coordination, type Identity, type Joined, Refusal, errorOf, mayPass, without } from './coordination.ts'
import type { Duties, MemberOptions } from './duties.ts'
import { shareOut } from './sticky-assignment.ts'

const nobody = -1
const none: TopicPartitions = new Map()
const firstPauseMs = 100
const longestPauseMs = 2000

export class GroupMember {
  /** resolves when the member has left; rejects with what no patience helps against */
  readonly ended: Promise<void>
  private readonly coordination: Coordination
  private readonly options: Required<Omit<MemberOptions, 'instanceId' | 'clientId' | 'signal'>>
  private readonly duties: Duties
  private readonly stop = new AbortController()
  private identity: Identity
  /** what it reads, and what it is about to give up */
  private owned: TopicPartitions = none
  private leaving: TopicPartitions = none
  /** partition counts that the leader has shared out */
  private counts: ReadonlyMap<string, number> | undefined
  private isInRound = false
  private readonly change = newChange()

  private constructor(coordination: Coordination, options: MemberOptions, duties: Duties) {
    const { group, topics, instanceId = null, sessionMs = 45_000, heartbeatMs = 3000 } = options
    const { rebalanceMs = 60_000, topicsEveryMs = 30_000 } = options
    this.coordination = coordination
    this.options = { group, topics, sessionMs, heartbeatMs, rebalanceMs, topicsEveryMs }
    this.duties = duties
    this.identity = { group, memberId: '', instanceId, generation: nobody }
    this.ended = this.live()
  }

  /** Connects, and joins in the background. Throws where no broker is reached. */
  static async join(settings: ClusterSettings, options: MemberOptions, duties: Duties): Promise<GroupMember> {
    const { group, clientId, signal } = options
    const cluster = { ...(clientId !== undefined && { clientId }), ...(signal && { signal }) }
    return new GroupMember(await Coordination.open(settings, group, cluster), options, duties)
  }

  /** The round in which it was given what it has; -1 while it has nothing to say. */
  get generation(): number {
    return this.identity.generation
  }

  /**
   * Commits the offsets to go on from. Returns false where one of the partitions is not of this member any more: then nothing is known
   * of any of them. Waits for a round that is under way, and for a coordinator that is away as long as the signal allows.
   */
  async commit(offsets: ReadonlyMap<string, ReadonlyMap<number, number>>, signal: AbortSignal): Promise<boolean> {
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
      if (!this.has(offsets)) return false
      const { identity } = this
      try {
        await this.coordination.commit(identity, offsets)
        return true
      } catch (thrown) {
        signal.throwIfAborted()
        if (mayPass(thrown)) await pauseFor(pause, signal)
        else if (!(thrown instanceof Refusal) || thrown.means === 'never') throw errorOf(thrown)
        // the round that is under way ends, or the next heartbeat finds out that there is one, or that the member is none
        else if (identity === this.identity) await this.untilChange(signal)
      }
    }
  }

  /** Ends what is in work, commits it, and leaves the group; says nothing more to the coordinator when the signal aborts. */
  async leave(signal?: AbortSignal): Promise<void> {
    this.stop.abort()
    signal?.addEventListener('abort', () => this.coordination.close(), { once: true })
    // a round that is under way goes on: the coordinator may count this member in already, and takes commits of its new generation only
    if (!this.isInRound) await this.ended.catch(() => undefined)
    const all = this.owned
    this.owned = none
    this.leaving = all
    if (all.size > 0)
      await this.beatWhile(this.duties.revoked(all)).catch((thrown: unknown) =>
        isStranger(thrown) ? this.lose(thrown) : this.tell(thrown),
      )
    this.coordination.stopJoining()
    await this.ended.catch(() => undefined)
    this.leaving = none
    // a member with a name comes back to what it had
    if (this.identity.memberId !== '' && this.identity.instanceId === null)
      await this.coordination.leave(this.identity).catch((thrown: unknown) => this.tell(thrown))
    this.coordination.close()
  }

  private async live(): Promise<void> {
    let pause = firstPauseMs
    while (!this.stop.signal.aborted) {
      try {
        await this.takePart()
        if (this.stop.signal.aborted) return
        pause = firstPauseMs
        if (this.leaving.size === 0) await this.beatUntilRound()
        else await this.giveUp()
      } catch (thrown) {
        if (this.stop.signal.aborted && !isStranger(thrown)) return
        if (thrown instanceof Refusal && thrown.means === 'rejoin') this.rename(thrown.memberId)
        else if (isStranger(thrown)) this.lose(thrown)
        else if (mayPass(thrown)) {
          this.tell(thrown)
          await pauseFor(pause, this.stop.signal)
          pause = Math.min(pause * 2, longestPauseMs)
        } else throw errorOf(thrown)
      }
    }
  }

  /** One round: joins, shares out where it leads, and takes what it is given. */
  private async takePart(): Promise<void> {
    const { topics } = this.options
    this.isInRound = true
    try {
      const { generation } = this.identity
      const metadata = subscriptionBytes({ topics, owned: this.owned, generation })
      const joined = await this.coordination.join(this.identity, metadata, this.options)
      this.identity = { ...this.identity, memberId: joined.memberId, generation: joined.generationId }
      const shares =
        joined.leader === joined.memberId && !joined.skipAssignment ? await this.shareOut(joined) : new Map()
      const given = readAssignment(await this.coordination.sync(this.identity, shares, this.options))
      // one that leaves is about to give up what it has
      if (this.stop.signal.aborted) return
      this.leaving = without(this.owned, given)
      const added = without(given, this.owned)
      this.owned = given
      if (added.size > 0) this.duties.assigned(added)
    } finally {
      this.isInRound = false
      this.change.tell()
    }
  }

  private async shareOut({ members }: Joined): Promise<Map<string, Buffer>> {
    const all = members.map(({ memberId, metadata }) => ({ id: memberId, subscription: readSubscription(metadata) }))
    const topics = [...new Set(all.flatMap(({ subscription }) => subscription.topics))]
    this.counts = await this.coordination.partitionCounts(topics)
    return new Map([...shareOut(all, this.counts)].map(([id, given]) => [id, assignmentBytes(given)]))
  }

  /** Lets go of what another one gets; the next round gives it to that one. */
  private async giveUp(): Promise<void> {
    await this.beatWhile(this.duties.revoked(this.leaving))
    this.leaving = none
  }

  /** Returns when there is a reason to join anew. */
  private async beatUntilRound(): Promise<void> {
    const { heartbeatMs, topicsEveryMs } = this.options
    for (let beats = 1; ; beats++) {
      await pauseFor(heartbeatMs, this.stop.signal)
      if (this.stop.signal.aborted) return
      if (this.counts && (beats * heartbeatMs) % topicsEveryMs < heartbeatMs && (await this.topicsHaveGrown())) return
      await this.beat()
    }
  }

  private async topicsHaveGrown(): Promise<boolean> {
    const now = await this.coordination.partitionCounts([...this.counts!.keys(), ...this.options.topics])
    return [...now].some(([topic, count]) => count !== (this.counts!.get(topic) ?? 0))
  }

  /** A coordinator that is away is waited for; whatever else it says is thrown. */
  private async beat(): Promise<void> {
    try {
      await this.coordination.beat(this.identity)
    } catch (thrown) {
      if (!mayPass(thrown)) throw thrown
      this.tell(thrown)
    }
  }

  /** Stays a member while a work goes on that ends in its own time; that others wait for a round changes nothing. */
  private async beatWhile(work: Promise<void>): Promise<void> {
    let isDone = false
    const ended = work.finally(() => (isDone = true))
    ended.catch(() => undefined)
    for (;;) {
      const pause = new AbortController()
      await Promise.race([ended.catch(() => undefined), pauseFor(this.options.heartbeatMs, pause.signal)])
      pause.abort()
      if (isDone) return ended
      await this.beat().catch((thrown: unknown) => {
        // while a round ends, the coordinator is ahead of what this member knows of itself
        const isOfRound = thrown instanceof Refusal && (thrown.means === 'rejoin' || this.isInRound)
        if (!isOfRound) throw thrown
      })
    }
  }

  private rename(memberId: string | undefined): void {
    if (memberId !== undefined && memberId !== '') this.identity = { ...this.identity, memberId }
  }

  /** The group has gone on without this member. */
  private lose(refusal: Refusal): void {
    const all = [this.owned, this.leaving].filter(({ size }) => size > 0)
    this.owned = none
    this.leaving = none
    this.identity = { ...this.identity, memberId: refusal.isUnknown ? '' : this.identity.memberId, generation: nobody }
    for (const partitions of all) this.duties.lost(partitions)
    this.change.tell()
  }

  private has(offsets: ReadonlyMap<string, ReadonlyMap<number, number>>): boolean {
    const holds = (topic: string, partition: number): boolean =>
      this.owned.get(topic)?.includes(partition) === true || this.leaving.get(topic)?.includes(partition) === true
    return [...offsets].every(([topic, all]) => [...all.keys()].every((partition) => holds(topic, partition)))
  }

  /** Waits for the end of a round, or for a heartbeat that tells what this member is. */
  private async untilChange(signal: AbortSignal): Promise<void> {
    await this.change.next(this.isInRound ? this.options.rebalanceMs : this.options.heartbeatMs, signal)
    signal.throwIfAborted()
  }

  private tell(thrown: unknown): void {
    this.duties.trouble(errorOf(thrown).message)
  }
}

const isStranger = (thrown: unknown): thrown is Refusal => thrown instanceof Refusal && thrown.means === 'stranger'
