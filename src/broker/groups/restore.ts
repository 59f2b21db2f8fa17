// From the journal back to groups: who was in a group when it was last stored is in it still, and has a whole session to say so.
import { decodeRecord, type JournalRecord, type StoredGroup } from './journal-records.ts'
import type { Group } from './group.ts'
import { createGroup, type Machine } from './machine.ts'
import { prepareRebalance, touch } from './rebalance.ts'
import { subscribedTopics } from './subscription.ts'

/** Reads the journal. Throws `malformed-message` for records that this version does not know. */
export function restore(machine: Machine): void {
  machine.journal.replay((bytes) => apply(machine, decodeRecord(bytes), bytes))
  for (const group of machine.groups.values()) resume(machine, group)
}

/** Reads one group anew; the sessions of its members don't run until `resume`. */
export function reload(machine: Machine, groupId: string): void {
  machine.groups.delete(groupId)
  machine.journal.replay((bytes) => {
    const record = decodeRecord(bytes)
    if (record.groupId === groupId) apply(machine, record, bytes)
  })
}

function apply(machine: Machine, record: JournalRecord, bytes: Buffer): void {
  const { groupId } = record
  const group = machine.groups.get(groupId) ?? createGroup(machine, groupId)
  switch (record.kind) {
    case 'offsetsCommitted':
      group.offsets.restore(
        record.offsets.map((each) => ({
          ...each,
          commitTime: Number(each.commitTime),
          expireTime: each.expireTime < 0n ? undefined : Number(each.expireTime),
        })),
      )
      return
    case 'offsetsRemoved':
      for (const name of record.partitions) group.offsets.remove(name)
      if (group.offsets.isEmpty && group.generation === 0) machine.groups.delete(groupId)
      return
    case 'groupStored':
      // the replay may hand out a view of a buffer that it uses again
      machine.journal.keepGroup(groupId, Buffer.from(bytes))
      fill(group, record)
      return
    case 'groupRemoved':
      machine.journal.keepGroup(groupId, undefined)
      machine.groups.delete(groupId)
  }
}

function fill(group: Group, stored: StoredGroup): void {
  const { protocolType, protocolName, generation, leaderId, stateSince } = stored
  Object.assign(group, { protocolType, protocolName, generation, leaderId, stateSince: Number(stateSince) })
  group.state = stored.members.length === 0 ? 'Empty' : 'Stable'
  group.members.clear()
  group.instances.clear()
  for (const { memberId, protocols, assignment, ...kept } of stored.members) {
    const { instanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs } = kept
    if (instanceId !== null) group.instances.set(instanceId, memberId)
    group.members.set(memberId, {
      id: memberId,
      instanceId,
      clientId,
      clientHost,
      terms: {
        sessionTimeoutMs,
        rebalanceTimeoutMs,
        protocols: protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
      },
      assignment: Buffer.from(assignment),
      isNew: false,
      joining: undefined,
      syncing: undefined,
      session: undefined,
    })
  }
}

/** Lets a group go on after it was read. */
export function resume(machine: Machine, group: Group): void {
  group.subscribed = subscribedTopics(group)
  for (const member of group.members.values()) touch(machine, group, member)
  if (group.members.size > machine.config['group.max.size']) prepareRebalance(machine, group)
}
