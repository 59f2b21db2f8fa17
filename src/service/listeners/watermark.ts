// How far a partition may be committed: behind the last record before which nothing is in work. Offsets may have holes (compaction,
// transactions), so what counts is the order in which records began.

interface Open {
  readonly offset: number
  isDone: boolean
}

export class Watermark {
  /** the offset to commit: the next one to read. Undefined until something is done */
  committable: number | undefined
  private readonly open = new Map<number, Open>()

  /** Records begin in the order of their offsets. */
  begin(offset: number): void {
    this.open.set(offset, { offset, isDone: false })
  }

  done(offset: number): void {
    const record = this.open.get(offset)
    if (!record) return
    record.isDone = true
    for (const first of this.open.values()) {
      if (!first.isDone) return
      this.open.delete(first.offset)
      this.committable = first.offset + 1
    }
  }

  /** records that have begun and can't be committed yet: what another member would see again */
  get gap(): number {
    return this.open.size
  }
}
