// The coordinator of the classic consumer groups: members join, are given their parts by one of them, and commit offsets.
// One thread owns it; it reads the time and sets timers through the clock alone. KIP-848 groups are not built.
import { randomUUID } from 'node:crypto'
import type { ErrorName } from '../../protocol/error-table.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Store } from '../storage/store.ts'
import { deleteGroup, deleteOffsets, describe, list, topicDeleted } from './admin.ts'
import { joinError, syncError } from './answers.ts'
import { commit, fetchOffsets, recordOf } from './commit.ts'
import { defaultGroupsConfig, type GroupsConfig } from './config.ts'
import type { Group } from './group.ts'
import { GroupJournal } from './group-journal.ts'
import { join } from './join.ts'
import { type Machine, enterState, stopTimers } from './machine.ts'
import { Parked, type Reply, type Waiting } from './parked.ts'
import { heartbeat, leave } from './presence.ts'
import type * as ask from './requests.ts'
import { restore } from './restore.ts'
import { sync } from './sync.ts'
import { expire } from './upkeep.ts'

export interface Groups {
  /** Answered when the next generation begins, or at once by a refusal. */
  join(request: ask.JoinRequest, reply: Reply<ask.JoinAnswer>): Waiting
  /** Answered when the leader's assignment is durable, or at once by a refusal. */
  sync(request: ask.SyncRequest, reply: Reply<ask.SyncAnswer>): Waiting
  heartbeat(request: ask.HeartbeatRequest): ErrorName
  leave(request: ask.LeaveRequest): ask.LeaveAnswer
  /** Answered when the offsets are durable. The caller has seen to it that the partitions exist. */
  commit(request: ask.CommitRequest, reply: Reply<ask.CommitAnswer>): Waiting
  fetchOffsets(request: ask.OffsetsRequest): ask.OffsetsAnswer
  /** All groups, or those in one of the states and of one of the types. */
  list(states?: readonly string[], types?: readonly string[]): readonly ask.ListedGroup[]
  describe(groupId: string): ask.DescribedGroup
  delete(groupId: string): ErrorName
  deleteOffsets(groupId: string, partitions: readonly ask.PartitionName[]): ask.OffsetDeleteAnswer
  /** To be told of every topic that is deleted: its committed offsets go. */
  topicDeleted(topic: string): void
  /** Answers all that wait by NOT_COORDINATOR and stops the timers. Members that ask later are told COORDINATOR_NOT_AVAILABLE. */
  close(): void
}

export interface GroupsOptions {
  readonly clock: Clock
  /** the journal `groups` of it is the coordinator's */
  readonly store: Pick<Store, 'journal'>
  readonly config?: Partial<GroupsConfig>
  /** the unique part of members' ids; random by default */
  readonly newId?: () => string
}

/** Opens the coordinator with what its journal holds. Throws `malformed-message` for a journal of another version. */
export function createGroups({ clock, store, config, newId = randomUUID }: GroupsOptions): Groups {
  const groups = new Map<string, Group>()
  const journal = new GroupJournal(store.journal('groups'), () => offsetRecords(groups))
  const machine: Machine = { clock, config: { ...defaultGroupsConfig, ...config }, journal, groups, newId }
  restore(machine)
  const upkeep = everyNowAndThen(machine)
  let isClosed = false
  const parked = <R, A>(ask: Ask<R, A>, whenClosed: (request: R) => A) => {
    return (request: R, reply: Reply<A>): Waiting => {
      const waiting = new Parked(reply)
      if (isClosed) waiting.answer(whenClosed(request))
      else ask(machine, request, waiting)
      return waiting
    }
  }
  return {
    join: parked(join, ({ memberId }) => joinError(closed, memberId)),
    sync: parked(sync, () => syncError(closed)),
    heartbeat: (request) => (isClosed ? closed : heartbeat(machine, request)),
    leave: (request) => (isClosed ? { error: closed, members: [] } : leave(machine, request)),
    commit: parked(commit, ({ offsets }) => offsets.map(() => closed)),
    fetchOffsets: (request) => fetchOffsets(machine, request),
    list: (states, types) => list(machine, states, types),
    describe: (groupId) => describe(machine, groupId),
    delete: (groupId) => deleteGroup(machine, groupId),
    deleteOffsets: (groupId, partitions) => deleteOffsets(machine, groupId, partitions),
    topicDeleted: (topic) => topicDeleted(machine, topic),
    close() {
      isClosed = true
      upkeep.cancel()
      for (const group of groups.values()) closeGroup(machine, group)
    },
  }
}

type Ask<R, A> = (machine: Machine, request: R, parked: Parked<A>) => void

const closed = 'COORDINATOR_NOT_AVAILABLE'

function* offsetRecords(groups: ReadonlyMap<string, Group>): Iterable<Buffer> {
  for (const { id, offsets } of groups.values()) {
    const all = offsets.all()
    if (all.length > 0) yield recordOf(id, all)
  }
}

function everyNowAndThen(machine: Machine): Timer {
  const start = (): Timer =>
    machine.clock.after(machine.config['offsets.retention.check.interval.ms'], () => {
      expire(machine)
      timer = start()
    })
  let timer = start()
  return { cancel: () => timer.cancel() }
}

function closeGroup(machine: Machine, group: Group): void {
  stopTimers(group)
  enterState(machine, group, 'Dead')
  for (const { id, joining, syncing } of group.members.values()) {
    joining?.answer(joinError('NOT_COORDINATOR', id))
    syncing?.answer(syncError('NOT_COORDINATOR'))
  }
}
