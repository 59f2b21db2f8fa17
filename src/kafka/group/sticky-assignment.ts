// Which member of a group reads which partitions: as evenly as can be, and as far as can be those that it has (KIP-429). Pure.
import type { Subscription } from '../../protocol/consumer-protocol.ts'

export interface Member {
  readonly id: string
  readonly subscription: Subscription
}

/** partitions of each member by topic */
export type Assignment = Map<string, Map<string, number[]>>

interface Slot {
  readonly topic: string
  readonly partition: number
}

const keyOf = ({ topic, partition }: Slot): string => `${topic}\0${partition}`

/**
 * Shares out the partitions of all topics that are subscribed to; `counts` says how many a topic has, and a topic without a count is
 * left out. Each member gets those that it owns as long as that is fair, the rest go to those that have the least.
 *
 * What another member still owns is not given to its next owner yet: that one is to get it in the next round, when the first has let
 * go of it. So no partition is read by two at any time.
 */
export function shareOut(members: readonly Member[], counts: ReadonlyMap<string, number>): Assignment {
  const sorted = members.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const owners = ownersOf(sorted)
  const target = balance(sorted, counts, owners)
  const given: Assignment = new Map(sorted.map(({ id }) => [id, new Map<string, number[]>()]))
  for (const { slot, to } of target) {
    const owner = owners.get(keyOf(slot))
    if (owner !== undefined && owner !== to) continue
    const topics = given.get(to)!
    topics.set(slot.topic, [...(topics.get(slot.topic) ?? []), slot.partition])
  }
  return given
}

/** Who reads a partition now; where two say so, the one that was given it last. */
function ownersOf(members: readonly Member[]): Map<string, string> {
  const claims = new Map<string, { id: string; generation: number }>()
  for (const { id, subscription } of members)
    for (const [topic, partitions] of subscription.owned)
      for (const partition of partitions) {
        const key = keyOf({ topic, partition })
        const known = claims.get(key)
        if (!known || subscription.generation > known.generation)
          claims.set(key, { id, generation: subscription.generation })
      }
  return new Map([...claims].map(([key, { id }]) => [key, id]))
}

interface Target {
  readonly slot: Slot
  readonly to: string
}

function balance(
  members: readonly Member[],
  counts: ReadonlyMap<string, number>,
  owners: ReadonlyMap<string, string>,
): Target[] {
  const load = new Map(members.map(({ id }) => [id, 0]))
  const targets: Target[] = []
  for (const { readers, slots } of sharedAlike(members, counts)) {
    const shares = fairShares(readers, slots, { load, owners })
    const give = (slot: Slot, to: string): void => {
      targets.push({ slot, to })
      shares.set(to, shares.get(to)! - 1)
    }
    for (const [id, share] of shares) load.set(id, load.get(id)! + share)
    const kept = (slot: Slot): string | undefined => {
      const owner = owners.get(keyOf(slot))
      return owner !== undefined && (shares.get(owner) ?? 0) > 0 ? owner : undefined
    }
    const free = slots.filter((slot) => {
      const owner = kept(slot)
      if (owner !== undefined) give(slot, owner)
      return owner === undefined
    })
    const open = [...shares].flatMap(([id, left]) => Array.from({ length: left }, () => id))
    for (const [i, slot] of free.entries()) give(slot, open[i]!)
  }
  return targets
}

/** Topics that the same members read are shared out together; those that the fewest read come first, for others can make up for it. */
function sharedAlike(members: readonly Member[], counts: ReadonlyMap<string, number>) {
  const classes = new Map<string, { readers: string[]; slots: Slot[] }>()
  for (const topic of [...new Set(members.flatMap(({ subscription }) => subscription.topics))].toSorted()) {
    const readers = members.filter(({ subscription }) => subscription.topics.includes(topic)).map(({ id }) => id)
    const slots = Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition }))
    const key = readers.join('\0')
    classes.set(key, { readers, slots: [...(classes.get(key)?.slots ?? []), ...slots] })
  }
  return [...classes.values()].toSorted((a, b) => a.readers.length - b.readers.length)
}

interface Standing {
  readonly load: ReadonlyMap<string, number>
  readonly owners: ReadonlyMap<string, string>
}

/** How many each reader is to have: the next goes to who has the least, among these to who would keep most of what it owns. */
function fairShares(
  readers: readonly string[],
  slots: readonly Slot[],
  { load, owners }: Standing,
): Map<string, number> {
  const owned = new Map(readers.map((id) => [id, 0]))
  for (const slot of slots) {
    const owner = owners.get(keyOf(slot)) ?? ''
    if (owned.has(owner)) owned.set(owner, owned.get(owner)! + 1)
  }
  const shares = new Map(readers.map((id) => [id, 0]))
  const total = (id: string): number => load.get(id)! + shares.get(id)!
  const toKeep = (id: string): number => owned.get(id)! - shares.get(id)!
  for (let left = slots.length; left > 0; left--) {
    let next = readers[0]!
    for (const id of readers)
      if (total(id) < total(next) || (total(id) === total(next) && toKeep(id) > toKeep(next))) next = id
    shares.set(next, shares.get(next)! + 1)
  }
  return shares
}
