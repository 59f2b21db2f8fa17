// How far a partition may be committed: behind the last record before which nothing is in work. Offsets may have holes (compaction,
// transactions), so what counts is the order in which records began.

/** what is done is forgotten when there are so many of them */
const forgetAt = 1024

export class Watermark {
  /** the offset to commit: the next one to read. Undefined until something is done */
  committable: number | undefined
  /** the offsets that began, from `first` on those that can't be committed yet */
  private begun: number[] = []
  private first = 0
  /** what is done behind one that is not */
  private readonly ahead = new Set<number>()

  /** Records begin in the order of their offsets. */
  begin(offset: number): void {
    this.begun.push(offset)
  }

  done(offset: number): void {
    const { begun, ahead } = this
    if (offset !== begun[this.first]) {
      ahead.add(offset)
      return
    }
    do {
      this.committable = begun[this.first]! + 1
      this.first++
    } while (ahead.delete(begun[this.first]!))
    if (this.first < forgetAt) return
    this.begun = begun.slice(this.first)
    this.first = 0
  }

  /** records that have begun and can't be committed yet: what another member would see again */
  get gap(): number {
    return this.begun.length - this.first
  }
}
