// What ends: offsets that nobody needs any more, and groups that have none and nobody in them.
import type { Group } from './group.ts'
import { encodeRecord } from './journal-records.ts'
import { buryGroup, type Machine } from './machine.ts'
import type { CommittedOffset } from './offsets.ts'
import type { PartitionName } from './requests.ts'

/** Removes offsets of a group, and the group itself when nothing is left of it. */
export function removeOffsets(machine: Machine, group: Group, partitions: readonly PartitionName[]): void {
  const removed = partitions
    .filter((name) => group.offsets.remove(name))
    .map(({ topic, partition }) => ({ topic, partition }))
  if (removed.length > 0)
    machine.journal.write(encodeRecord('offsetsRemoved', { groupId: group.id, partitions: removed }))
  if (group.state === 'Empty' && group.offsets.isEmpty) buryGroup(machine, group)
}

/** Removes what has expired, in all groups. */
export function expire(machine: Machine): void {
  for (const group of machine.groups.values()) removeOffsets(machine, group, expiredOf(machine, group))
}

/**
 * Offsets expire when the retention has passed since the group became empty; those of topics that nobody in a stable consumer group
 * subscribes to any more, and those of groups that never had members, since they were committed (KIP-211).
 */
function expiredOf({ clock, config }: Machine, group: Group): CommittedOffset[] {
  const { state, protocolType, subscribed, offsets, stateSince } = group
  const now = clock.now()
  const retention = config['offsets.retention.minutes'] * 60_000
  const isSimple = protocolType === null
  const isIdle = state === 'Empty' && !isSimple
  if (!isSimple && !isIdle && !(state === 'Stable' && subscribed)) return []
  return offsets.all().filter((each) => {
    if (!isIdle && !isSimple && subscribed?.has(each.topic)) return false
    if (offsets.isUnderWay(each)) return false
    const since = isIdle ? stateSince : each.commitTime
    return each.expireTime === undefined ? now - since >= retention : now >= each.expireTime
  })
}
