// The committed offsets of one group. A commit shows when it is durable; until then it is under way.
import type { PartitionName } from './requests.ts'

export interface CommittedOffset extends PartitionName {
  readonly offset: bigint
  /** -1 when the client did not tell */
  readonly leaderEpoch: number
  readonly metadata: string
  /** ms since 1970 */
  readonly commitTime: number
  /** ms since 1970, where the client set it itself; else the retention of the broker holds */
  readonly expireTime: number | undefined
}

/** Commits that were written and are not durable yet. */
export interface UnderWay {
  readonly order: number
  readonly offsets: readonly CommittedOffset[]
}

const keyOf = ({ topic, partition }: PartitionName): string => `${partition}/${topic}`

export class Offsets {
  private readonly kept = new Map<string, { readonly order: number; readonly committed: CommittedOffset }>()
  private readonly underWay = new Map<string, Set<number>>()
  private lastOrder = 0

  get isEmpty(): boolean {
    return this.kept.size === 0 && this.underWay.size === 0
  }

  get(partition: PartitionName): CommittedOffset | undefined {
    return this.kept.get(keyOf(partition))?.committed
  }

  all(): CommittedOffset[] {
    return [...this.kept.values()].map(({ committed }) => committed)
  }

  isUnderWay(partition: PartitionName): boolean {
    return this.underWay.has(keyOf(partition))
  }

  begin(offsets: readonly CommittedOffset[]): UnderWay {
    const order = ++this.lastOrder
    for (const offset of offsets) {
      const key = keyOf(offset)
      const orders = this.underWay.get(key)
      if (orders) orders.add(order)
      else this.underWay.set(key, new Set([order]))
    }
    return { order, offsets }
  }

  /** Ends a commit. An older one never replaces a younger one, and what was removed in between stays removed. */
  end({ order, offsets }: UnderWay, isDurable: boolean): void {
    for (const committed of offsets) {
      const key = keyOf(committed)
      const orders = this.underWay.get(key)
      if (!orders?.delete(order)) continue
      if (orders.size === 0) this.underWay.delete(key)
      if (isDurable && (this.kept.get(key)?.order ?? 0) < order) this.kept.set(key, { order, committed })
    }
  }

  /** Keeps what was read from the journal. */
  restore(offsets: readonly CommittedOffset[]): void {
    this.end(this.begin(offsets), true)
  }

  /** Forgets an offset, and commits of it that are under way; whether there was one. */
  remove(partition: PartitionName): boolean {
    const key = keyOf(partition)
    const wasUnderWay = this.underWay.delete(key)
    return this.kept.delete(key) || wasUnderWay
  }

  /** Everything that is kept or under way. */
  names(): PartitionName[] {
    const keys = new Set([...this.kept.keys(), ...this.underWay.keys()])
    return [...keys].map((key) => ({
      topic: key.slice(key.indexOf('/') + 1),
      partition: Number.parseInt(key, 10),
    }))
  }
}
