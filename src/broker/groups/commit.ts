// OffsetCommit and OffsetFetch.
import type { ErrorName } from '../../protocol/error-table.ts'
import { toInt64 } from '../records/batch-header.ts'
import { type Group, memberOf } from './group.ts'
import { encodeRecord } from './journal-records.ts'
import { createGroup, type Machine } from './machine.ts'
import type { CommittedOffset } from './offsets.ts'
import type { Parked } from './parked.ts'
import { touch } from './rebalance.ts'
import type {
  CommitAnswer,
  CommitRequest,
  FetchedOffset,
  OffsetsAnswer,
  OffsetsRequest,
  PartitionName,
} from './requests.ts'

/** Answers when the offsets are durable. Whether the partitions exist is not asked here. */
export function commit(machine: Machine, request: CommitRequest, parked: Parked<CommitAnswer>): void {
  const { groupId, generation, offsets } = request
  const group = machine.groups.get(groupId) ?? (generation < 0 ? createGroup(machine, groupId) : undefined)
  const refusal = group ? refusalOf(machine, group, request) : 'ILLEGAL_GENERATION'
  if (!group || refusal) return parked.answer(offsets.map(() => refusal ?? 'NONE'))
  const most = machine.config['offset.metadata.max.bytes']
  const isTooLong = offsets.map(({ metadata }) => (metadata?.length ?? 0) > most)
  const fitting = offsets.filter((_, i) => !isTooLong[i])
  const answer = (error: ErrorName): void =>
    parked.answer(isTooLong.map((tooLong) => (tooLong ? 'OFFSET_METADATA_TOO_LARGE' : error)))
  if (fitting.length === 0) return answer('NONE')
  const now = machine.clock.now()
  // below zero stands for none in the journal
  const expireTime = request.retentionMs === undefined ? undefined : Math.max(0, now + request.retentionMs)
  const committed = fitting.map(({ topic, partition, offset, leaderEpoch, metadata, commitTime }): CommittedOffset => ({
    topic,
    partition,
    offset,
    leaderEpoch,
    metadata: metadata ?? '',
    commitTime: commitTime ?? now,
    expireTime,
  }))
  const underWay = group.offsets.begin(committed)
  machine.journal.write(recordOf(groupId, committed), (isDurable) => {
    group.offsets.end(underWay, isDurable)
    answer(isDurable ? 'NONE' : 'NOT_COORDINATOR')
  })
}

/** Why a commit is refused. One that is accepted counts as a sign of life. */
function refusalOf(machine: Machine, group: Group, request: CommitRequest): ErrorName | undefined {
  const { generation, memberId, instanceId } = request
  if (group.state === 'Empty' && generation < 0) return undefined
  if (generation < 0 && memberId === '' && instanceId === null)
    return group.state === 'Empty' ? undefined : 'UNKNOWN_MEMBER_ID'
  const member = memberOf(group, request)
  if (typeof member === 'string') return member
  if (generation !== group.generation) return 'ILLEGAL_GENERATION'
  // it knows the new generation, and its partitions may be another's by now
  if (group.state === 'CompletingRebalance') return 'REBALANCE_IN_PROGRESS'
  touch(machine, group, member)
  return undefined
}

/** The journal's record of offsets that a group committed. */
export function recordOf(groupId: string, offsets: readonly CommittedOffset[]): Buffer {
  return encodeRecord('offsetsCommitted', {
    groupId,
    offsets: offsets.map((each) => ({
      ...each,
      commitTime: toInt64(each.commitTime),
      expireTime: toInt64(each.expireTime ?? -1),
    })),
  })
}

/** Answers whatever the state of the group is: offsets are kept also for those who are no members. */
export function fetchOffsets(
  { groups }: Machine,
  { groupId, partitions, requireStable }: OffsetsRequest,
): OffsetsAnswer {
  const group = groups.get(groupId)
  const fetch = (name: PartitionName): FetchedOffset => {
    const { topic, partition } = name
    const none = { topic, partition, offset: -1n, leaderEpoch: -1, metadata: '' }
    if (requireStable && group?.offsets.isUnderWay(name)) return { ...none, error: 'UNSTABLE_OFFSET_COMMIT' }
    const kept = group?.offsets.get(name)
    if (!kept) return { ...none, error: 'NONE' }
    const { offset, leaderEpoch, metadata } = kept
    return { topic, partition, offset, leaderEpoch, metadata, error: 'NONE' }
  }
  return { error: 'NONE', offsets: (partitions ?? group?.offsets.all() ?? []).map(fetch) }
}

/** The answer that carries nothing but an error. */
export function noOffsets({ partitions }: OffsetsRequest, error: ErrorName): OffsetsAnswer {
  const none = { offset: -1n, leaderEpoch: -1, metadata: '', error }
  return { error, offsets: (partitions ?? []).map(({ topic, partition }) => ({ topic, partition, ...none })) }
}
