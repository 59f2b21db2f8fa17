// A coordinator that moves, as it does when the node that holds the group's part of `__consumer_offsets` is restarted: for a while it
// is nowhere, then it reads the journal, then it goes on with what it found there. Only fault rules make it do so: there is one node.
import type { ErrorName } from '../../protocol/error-table.ts'
import type { Timer } from '../clock.ts'
import { joinError, syncError } from './answers.ts'
import type { Group } from './group.ts'
import { enterState, type Machine, stopTimers } from './machine.ts'
import { reload, resume } from './restore.ts'

export type Trouble = 'NOT_COORDINATOR' | 'COORDINATOR_LOAD_IN_PROGRESS'

interface Move {
  readonly trouble: Trouble
  readonly timer: Timer
}

/** Nothing of the group is answered here any more, and those who wait are told to look for their coordinator. */
export function letGo(machine: Machine, group: Group): void {
  stopTimers(group)
  enterState(machine, group, 'Dead')
  for (const { id, joining, syncing } of group.members.values()) {
    joining?.answer(joinError('NOT_COORDINATOR', id))
    syncing?.answer(syncError('NOT_COORDINATOR'))
  }
}

export class Moves {
  private readonly machine: Machine
  private readonly underWay = new Map<string, Move>()

  constructor(machine: Machine) {
    this.machine = machine
  }

  troubleOf(groupId: string): Trouble | undefined {
    return this.underWay.get(groupId)?.trouble
  }

  /** whether the journal is being read for any group: then nobody knows all groups */
  get isLoading(): boolean {
    return [...this.underWay.values()].some(({ trouble }) => trouble === 'COORDINATOR_LOAD_IN_PROGRESS')
  }

  /**
   * Half of the time in ms the coordinator is away, half of it loads. Sessions begin anew when it is back. A group that moves
   * already goes on doing so.
   */
  begin(groupId: string, ms: number): void {
    if (this.underWay.has(groupId)) return
    const { clock, groups } = this.machine
    const group = groups.get(groupId)
    if (group) letGo(this.machine, group)
    // it is read at once, so that its offsets are not lost to a rewrite of the journal; nobody sees it until then
    reload(this.machine, groupId)
    const enter = (trouble: Trouble, next: () => void): void =>
      void this.underWay.set(groupId, { trouble, timer: clock.after(ms / 2, next) })
    const end = (): void => {
      this.underWay.delete(groupId)
      const found = groups.get(groupId)
      if (found) resume(this.machine, found)
    }
    enter('NOT_COORDINATOR', () => enter('COORDINATOR_LOAD_IN_PROGRESS', end))
  }

  close(): void {
    for (const { timer } of this.underWay.values()) timer.cancel()
    this.underWay.clear()
  }
}

/** A member that waits for its assignment has to join again: what it waited for is lost. Older clients know no other word for it. */
export const whenSyncing = (trouble: ErrorName): ErrorName =>
  trouble === 'COORDINATOR_LOAD_IN_PROGRESS' ? 'REBALANCE_IN_PROGRESS' : trouble

/** While the coordinator loads, it takes every member at its word. */
export const whenBeating = (trouble: ErrorName): ErrorName =>
  trouble === 'COORDINATOR_LOAD_IN_PROGRESS' ? 'NONE' : trouble
