// A member of the one consumer group: it joins, reads its partitions, commits, leaves now and then, and comes back after every crash.
import { setTimeout as sleep } from 'node:timers/promises'
import { errorName } from '../../src/protocol/error-table.ts'
import { heartbeat } from '../../src/protocol/messages/heartbeat.ts'
import { joinGroup } from '../../src/protocol/messages/join-group.ts'
import { leaveGroup } from '../../src/protocol/messages/leave-group.ts'
import { offsetCommit } from '../../src/protocol/messages/offset-commit.ts'
import { syncGroup } from '../../src/protocol/messages/sync-group.ts'
import type { Wire } from '../differential/wire.ts'
import { fetchCommitted } from './committed.ts'
import type { PartitionHistory } from './partition-history.ts'
import { earliest, fetchFrom, Lost, offsetOf } from './read-partition.ts'
import { groupId, type Run } from './run.ts'
import { ask, dialUntil } from './session.ts'

/** A member that is gone without a word is waited for so long: less than a life of the broker. */
const rebalanceTimeoutMs = 250

interface Membership {
  readonly memberId: string
  readonly generation: number
  readonly own: readonly PartitionHistory[]
}

/** What the coordinator may say at any time; the member joins again then, as a new one where it is not known any more. */
const rejoin = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
])

export class Member {
  private readonly run: Run
  private readonly name: string
  private memberId = ''
  private readonly positions = new Map<PartitionHistory, number>()

  constructor(run: Run, name: string) {
    this.run = run
    this.name = name
  }

  /** Resolves when the run is over. */
  async work(): Promise<void> {
    while (!this.run.isOver) {
      const wire = await dialUntil(this.run.port, this.name, () => this.run.isOver)
      if (!wire) return
      try {
        while (!this.run.isOver) await this.liveThrough(wire)
      } catch (thrown) {
        if (!(thrown instanceof Lost)) throw thrown
      } finally {
        wire.close()
      }
    }
  }

  /** One generation: from joining until the coordinator wants something else. */
  private async liveThrough(wire: Wire): Promise<void> {
    const { run } = this
    const membership = await this.join(wire)
    if (!membership) return
    run.count('generations joined')
    this.positions.clear()
    for (const history of membership.own) {
      const committed = await fetchCommitted(wire, run, history)
      this.positions.set(history, committed ?? (await offsetOf(wire, history, earliest)))
    }
    while (!run.isOver) {
      for (const history of membership.own) if (!(await this.readAndCommit(wire, membership, history))) return
      const { memberId, generation: generationId } = membership
      const beat = await ask(wire, [heartbeat, 3], { groupId, generationId, memberId })
      if (!beat) throw new Lost()
      if (this.mustRejoin('Heartbeat', beat.errorCode)) return
      if (run.random.oneIn(60)) return this.leave(wire)
      await sleep(run.random.below(15))
    }
  }

  private async join(wire: Wire): Promise<Membership | undefined> {
    const { run, name } = this
    const joined = await ask(wire, [joinGroup, 3], {
      groupId,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs,
      memberId: this.memberId,
      protocolType: 'crash',
      protocols: [{ name: 'share', metadata: Buffer.from(name) }],
    })
    if (!joined) throw new Lost()
    if (this.mustRejoin('JoinGroup', joined.errorCode)) return undefined
    const { memberId, generationId, leader, members } = joined
    this.memberId = memberId
    const assignments = leader === memberId ? this.share(members.map((member) => member.memberId)) : []
    const synced = await ask(wire, [syncGroup, 2], { groupId, generationId, memberId, assignments })
    if (!synced) throw new Lost()
    if (this.mustRejoin('SyncGroup', synced.errorCode)) return undefined
    const names = synced.assignment.toString().split(' ')
    return { memberId, generation: generationId, own: run.histories.filter((history) => names.includes(history.name)) }
  }

  private share(members: readonly string[]): { memberId: string; assignment: Buffer }[] {
    return members.map((memberId, i) => {
      const names = this.run.histories.filter((_, at) => at % members.length === i).map(({ name }) => name)
      return { memberId, assignment: Buffer.from(names.join(' ')) }
    })
  }

  private async readAndCommit(wire: Wire, membership: Membership, history: PartitionHistory): Promise<boolean> {
    const { run, positions } = this
    const at = positions.get(history)!
    const fetched = await fetchFrom(wire, history, at)
    if (fetched.isOutOfRange) {
      positions.set(history, await offsetOf(wire, history, earliest))
      return true
    }
    history.seeStart(fetched.start)
    history.seeEnd(fetched.highWatermark, 0)
    for (const record of fetched.records) history.see(record)
    run.count('records read by the group', fetched.records.length)
    if (fetched.next === at) return true
    positions.set(history, fetched.next)
    return this.commit(wire, membership, history)
  }

  private async commit(wire: Wire, { memberId, generation }: Membership, history: PartitionHistory): Promise<boolean> {
    const commits = this.run.commits.get(history)!
    const commit = commits.send(this.positions.get(history)!)
    const partition = {
      partitionIndex: history.partition,
      committedOffset: BigInt(commit.offset),
      committedMetadata: commit.id,
    }
    const answer = await ask(wire, [offsetCommit, 7], {
      groupId,
      generationIdOrMemberEpoch: generation,
      memberId,
      topics: [{ name: history.topic, partitions: [partition] }],
    })
    const told = answer?.topics[0]?.partitions[0]
    if (!told) {
      commits.end(commit, 'lost')
      throw new Lost()
    }
    commits.end(commit, told.errorCode === 0 ? 'acknowledged' : 'refused')
    if (told.errorCode === 0) this.run.count('commits acknowledged')
    return !this.mustRejoin('OffsetCommit', told.errorCode)
  }

  private async leave(wire: Wire): Promise<void> {
    const answer = await ask(wire, [leaveGroup, 2], { groupId, memberId: this.memberId })
    if (!answer) throw new Lost()
    this.mustRejoin('LeaveGroup', answer.errorCode)
    this.memberId = ''
  }

  private mustRejoin(request: string, code: number): boolean {
    if (code === 0) return false
    const error = errorName(code)
    if (!rejoin.has(error)) this.run.report(`${this.name}: ${request} is answered ${error}`)
    if (error === 'UNKNOWN_MEMBER_ID') this.memberId = ''
    return true
  }
}
