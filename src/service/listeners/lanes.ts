// Who may work next: the records of a lane one after the other, and at most `max` lanes at once.
export class Lanes<Item> {
  private readonly max: number
  private readonly lanes = new Map<string, Item[]>()
  /** lanes that have records and none in work, in the order in which they may go on */
  private readonly ready = new Set<string>()
  /** lanes with a record in work */
  private readonly busy = new Set<string>()

  constructor(max: number) {
    this.max = max
  }

  add(lane: string, item: Item): void {
    const waiting = this.lanes.get(lane)
    if (waiting) waiting.push(item)
    else this.lanes.set(lane, [item])
    if (!this.busy.has(lane)) this.ready.add(lane)
  }

  /** The record to begin with now; its lane is busy until `done`. */
  next(): Item | undefined {
    if (this.busy.size >= this.max) return undefined
    for (const lane of this.ready) {
      this.ready.delete(lane)
      this.busy.add(lane)
      const waiting = this.lanes.get(lane)!
      const item = waiting.shift()
      if (waiting.length === 0) this.lanes.delete(lane)
      return item
    }
    return undefined
  }

  done(lane: string): void {
    if (this.busy.delete(lane) && this.lanes.has(lane)) this.ready.add(lane)
  }

  get inWork(): number {
    return this.busy.size
  }
}

/** The lane of a record. Without a key there is no order to keep but the partition's, so such records have one lane together. */
export function laneOf(by: 'partition' | 'key', key: Buffer | null): string {
  return by === 'partition' || key === null ? '' : `k${key.toString('latin1')}`
}
