// The coordinator of the classic consumer groups: members join, are given their parts by one of them, and commit offsets.
// One thread owns it; it reads the time and sets timers through the clock alone. KIP-848 groups are not built.
import { randomUUID } from 'node:crypto'
import type { ErrorName } from '../../protocol/error-table.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Store } from '../storage/store.ts'
import { deleteGroup, deleteOffsets, describe, list, topicDeleted } from './admin.ts'
import { joinError, syncError } from './answers.ts'
import { commit, fetchOffsets, noOffsets, recordOf } from './commit.ts'
import { defaultGroupsConfig, type GroupsConfig } from './config.ts'
import type { Group } from './group.ts'
import { GroupJournal } from './group-journal.ts'
import { join } from './join.ts'
import type { Machine } from './machine.ts'
import { letGo, Moves, type Trouble, whenBeating, whenSyncing } from './moving.ts'
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
  /** For so many ms the group has no coordinator: half of them it is away, half of them it reads its journal. */
  move(groupId: string, ms: number): void
  /** why nothing is told of a group now; undefined when its coordinator is there */
  troubleOf(groupId: string): Trouble | undefined
  isLoading(): boolean
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
  const moves = new Moves(machine)
  let isClosed = false
  const troubleOf = (groupId: string): ErrorName | undefined => (isClosed ? closed : moves.troubleOf(groupId))
  const parked = <R extends OfGroup, A>(ask: Ask<R, A>, refuse: (request: R, error: ErrorName) => A) => {
    return (request: R, reply: Reply<A>): Waiting => {
      const waiting = new Parked(reply)
      const trouble = troubleOf(request.groupId)
      if (trouble) waiting.answer(refuse(request, trouble))
      else ask(machine, request, waiting)
      return waiting
    }
  }
  const atOnce = <R extends OfGroup, A>(ask: (machine: Machine, request: R) => A, refuse: (error: ErrorName) => A) => {
    return (request: R): A => {
      const trouble = troubleOf(request.groupId)
      return trouble ? refuse(trouble) : ask(machine, request)
    }
  }
  return {
    join: parked(join, ({ memberId }, error) => joinError(error, memberId)),
    sync: parked(sync, (_, error) => syncError(whenSyncing(error))),
    heartbeat: atOnce(heartbeat, whenBeating),
    leave: atOnce(leave, (error) => ({ error, members: [] })),
    commit: parked(commit, ({ offsets }, error) => offsets.map(() => error)),
    fetchOffsets: (request) => {
      const trouble = moves.troubleOf(request.groupId)
      return trouble ? noOffsets(request, trouble) : fetchOffsets(machine, request)
    },
    list: (states, types) => list(machine, states, types).filter(({ groupId }) => !moves.troubleOf(groupId)),
    describe: (groupId) => describe(machine, groupId),
    delete: (groupId) => moves.troubleOf(groupId) ?? deleteGroup(machine, groupId),
    deleteOffsets: (groupId, partitions) => {
      const trouble = moves.troubleOf(groupId)
      return trouble ? { error: trouble, errors: [] } : deleteOffsets(machine, groupId, partitions)
    },
    topicDeleted: (topic) => topicDeleted(machine, topic),
    move: (groupId, ms) => moves.begin(groupId, ms),
    troubleOf: (groupId) => moves.troubleOf(groupId),
    isLoading: () => moves.isLoading,
    close() {
      isClosed = true
      upkeep.cancel()
      moves.close()
      for (const group of groups.values()) letGo(machine, group)
    },
  }
}

interface OfGroup {
  readonly groupId: string
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
