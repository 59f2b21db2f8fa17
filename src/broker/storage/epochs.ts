// Which leader wrote from which offset on: a line per epoch, as clients ask for it after a change of leaders (KIP-101, KIP-279).

export interface Epoch {
  readonly epoch: number
  readonly startOffset: number
}

/** asks for nothing */
const noEpoch = -1

export class Epochs {
  private entries: Epoch[]

  constructor(entries: readonly Epoch[] = []) {
    this.entries = [...entries]
  }

  all(): readonly Epoch[] {
    return this.entries
  }

  get latest(): number {
    return this.entries.at(-1)?.epoch ?? -1
  }

  /** From `startOffset` on `epoch` writes. Epochs that turned out to have written nothing go. */
  assign(epoch: number, startOffset: number): void {
    if (epoch <= this.latest) return
    this.entries = [...this.entries.filter((entry) => entry.startOffset < startOffset), { epoch, startOffset }]
  }

  /** The epoch whose records stand at this offset; -1 before the first known. */
  at(offset: number): number {
    return this.entries.findLast((entry) => entry.startOffset <= offset)?.epoch ?? -1
  }

  /** The largest epoch that is not larger than the asked one and where it ends; an unknown later one has none. */
  endOf(epoch: number, logEnd: number): { readonly epoch: number; readonly endOffset: number } | undefined {
    if (epoch === this.latest && epoch !== noEpoch) return { epoch, endOffset: logEnd }
    const next = this.entries.find((entry) => entry.epoch > epoch)
    if (!next || epoch === noEpoch) return undefined
    const own = this.entries.findLast((entry) => entry.epoch <= epoch)
    return { epoch: own?.epoch ?? epoch, endOffset: next.startOffset }
  }

  /** What is before `start` is not read any more: the epoch that holds at `start` begins there. */
  dropBefore(start: number): void {
    const own = this.entries.findLast((entry) => entry.startOffset <= start)
    const later = this.entries.filter((entry) => entry.startOffset > start)
    this.entries = own ? [{ epoch: own.epoch, startOffset: start }, ...later] : later
  }

  dropFrom(end: number): void {
    this.entries = this.entries.filter((entry) => entry.startOffset < end)
  }
}
