// What a log is when the broker starts: as a clean stop wrote it down, or as its files tell after a crash.
import { Producers } from '../producers/producers.ts'
import { Epochs } from './epochs.ts'
import type { Files } from './files.ts'
import type { Host } from './host.ts'
import { int64At } from '../records/batch-header.ts'
import { folderOf, type PartitionNote, type StopNote } from './partition-notes.ts'
import { addBatch, loadProducers } from './producer-file.ts'
import { scanSegment } from './scan.ts'
import type { Segment } from './segment.ts'
import { parseName, segmentIn, segmentName, segmentPath, useStoredRows } from './segment-files.ts'

export interface Recovered {
  readonly segments: readonly Segment[]
  readonly epochs: Epochs
  readonly startOffset: number
  readonly endOffset: number
  /** of the log's end; they are read when they are first asked for */
  readonly producers: () => Producers
}

export interface Recovering extends PartitionNote {
  /** the book knows the partition */
  readonly isFound: boolean
}

/** The producers as they were written down; what was scanned behind is added to them. */
function producersOf(host: Host, note: PartitionNote, segments: readonly Segment[]): () => Producers {
  let found: Producers | undefined
  const folder = folderOf(note.topic, note.partition)
  return () =>
    (found ??= note.producersAt >= 0 ? loadProducers(host.files, folder, note.producersAt, segments) : new Producers())
}

/** Opens no file: what a clean stop wrote down is believed. */
export function recallLog(host: Host, note: PartitionNote, stop: StopNote): Recovered {
  const folder = folderOf(note.topic, note.partition)
  const segments = stop.segments.map(({ base, end, size, largest: [timestamp, offset], modified }) => {
    const segment = segmentIn(host.files, folder, base, modified)
    Object.assign(segment, { end, size, largest: { timestamp, offset } })
    useStoredRows(host.files, folder, segment)
    return segment
  })
  const endOffset = Math.max(note.from, segments.at(-1)?.end ?? 0)
  const producers = producersOf(host, note, segments)
  return { segments, epochs: new Epochs(note.epochs), startOffset: note.from, endOffset, producers }
}

/** A segment that was safe before the crash: its indexes are trusted, and its last time row has its largest time. */
function trust(segment: Segment, end: number, files: Files, folder: string): void {
  useStoredRows(files, folder, segment)
  segment.size = segment.file.size()
  segment.end = end
  const { times } = segment
  if (times.count === 0) return
  const row = times.row(times.count - 1)
  segment.largest = { timestamp: int64At(row, 0), offset: segment.base + row.readInt32BE(8) }
}

interface Found {
  /** of the segments, in order */
  readonly bases: readonly number[]
  readonly isIndexed: (base: number) => boolean
}

/** The files of a log, without what a crash left unfinished. */
function findSegments({ files }: Host, folder: string, note: PartitionNote): Found {
  const names = new Set(files.list(folder))
  const bases: number[] = []
  for (const name of names) {
    const { kind, base } = parseName(name) ?? {}
    if (kind === 'log') bases.push(base!)
    else if (kind === 'cleaned' || (kind === 'producers' && base !== note.producersAt))
      files.remove(`${folder}/${name}`)
  }
  const has = (base: number, kind: 'index' | 'timeindex'): boolean => names.has(segmentName(base, kind))
  return {
    bases: bases.toSorted((a, b) => a - b),
    isIndexed: (base) => has(base, 'index') && has(base, 'timeindex'),
  }
}

/** Looks through the files: what was not yet safe is read whole, and cut off at the first thing that is not right. */
export function recoverLog(host: Host, note: Recovering, indexInterval: number): Recovered {
  const recovery = new LogRecovery(host, note, indexInterval)
  if (note.isFound) host.recovery.logs++
  const { bases, isIndexed } = findSegments(host, recovery.folder, note)
  for (const [n, base] of bases.entries()) recovery.take(base, bases[n + 1], isIndexed(base))
  return recovery.result()
}

class LogRecovery {
  readonly folder: string
  private readonly host: Host
  private readonly note: Recovering
  private readonly indexInterval: number
  private readonly segments: Segment[] = []
  private readonly epochs: Epochs
  private readonly producers: () => Producers
  /** compaction, which leaves gaps, comes only so far */
  private readonly gapless: number
  private end = 0
  private isCut = false

  constructor(host: Host, note: Recovering, indexInterval: number) {
    this.host = host
    this.note = note
    this.indexInterval = indexInterval
    this.folder = folderOf(note.topic, note.partition)
    this.epochs = new Epochs(note.epochs)
    this.producers = producersOf(host, note, this.segments)
    this.gapless = Math.max(note.safe, note.from)
  }

  /** The next segment by its base; `next` is that of the one behind. */
  take(base: number, next: number | undefined, isIndexed: boolean): void {
    const { host, note, folder, segments } = this
    // behind a cut, or a segment that is missing, nothing is kept
    this.isCut ||= segments.length > 0 && base > Math.max(this.end, this.gapless)
    if (this.isCut || this.isSuperfluous(base, next)) return this.drop(base)
    const isSafe = next !== undefined && next <= note.safe && isIndexed
    const segment = segmentIn(host.files, folder, base, host.clock.now())
    segments.push(segment)
    if (isSafe) trust(segment, next, host.files, folder)
    else this.rescan(segment)
    this.end = segment.end
  }

  result(): Recovered {
    const { segments, epochs, producers, note, end } = this
    // compaction may leave nothing of the first segments; a log that the book or the device has lost begins where its files do
    const first = segments[0]?.base ?? 0
    const startOffset = note.isFound && first <= this.gapless ? note.from : first
    const endOffset = Math.max(startOffset, end)
    // what was cut is not to be taken for written when it is sent again
    if (note.producersAt > endOffset) producers().dropFrom(endOffset)
    epochs.dropFrom(endOffset + 1)
    epochs.dropBefore(startOffset)
    return { segments, epochs, startOffset, endOffset, producers }
  }

  /**
   * What is before the start is of no use, but for the producers that are not written down yet. A segment that begins inside the
   * one before was merged into that one.
   */
  private isSuperfluous(base: number, next: number | undefined): boolean {
    const isPast = next !== undefined && next <= Math.min(this.note.from, this.note.safe)
    return isPast || base < this.end
  }

  private drop(base: number): void {
    const { host, folder } = this
    const file = host.files.file(segmentPath(folder, base, 'log'))
    if (this.isCut) host.onCut({ path: file.path, from: 0, to: file.size(), reason: 'what is before it was cut' })
    removeSegment(host, folder, base)
  }

  private rescan(segment: Segment): void {
    const { host, note, gapless, indexInterval } = this
    host.recovery.readBytes += segment.file.size()
    const fault = scanSegment(segment, {
      safe: note.safe,
      from: this.end,
      gapless,
      latestEpoch: host.book.starts - 1,
      indexInterval,
      onBatch: (cursor) => {
        this.epochs.assign(cursor.leaderEpoch, cursor.baseOffset)
        if (cursor.baseOffset >= note.producersAt) addBatch(this.producers, cursor)
      },
    })
    if (fault !== undefined) {
      this.isCut = true
      host.onCut({ path: segment.file.path, from: segment.size, to: segment.file.size(), reason: fault })
      segment.file.truncate(segment.size)
    }
    // a killed process may have left it in the page cache only, and readers may see it now
    if (host.durability === 'disk') segment.file.syncNow()
  }
}

/** Removes the files of a segment; its log last, so that what is left after a crash is removed again. */
export function removeSegment({ files }: Host, folder: string, base: number): void {
  for (const kind of ['index', 'timeindex', 'log'] as const) files.remove(segmentPath(folder, base, kind))
}
