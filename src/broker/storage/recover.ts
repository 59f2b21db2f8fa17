// What a log is when the broker starts: as a clean stop wrote it down, or as its files tell after a crash.
import { Producers } from '../producers/producers.ts'
import { Epochs } from './epochs.ts'
import type { Host } from './host.ts'
import { int64At } from '../records/batch-header.ts'
import { folderOf, type PartitionNote, type StopNote } from './partition-book.ts'
import { addBatch, loadProducers } from './producer-file.ts'
import { scanSegment } from './scan.ts'
import { Segment } from './segment.ts'
import { parseName, segmentPath, useStoredRows } from './segment-files.ts'

export interface Recovered {
  readonly segments: readonly Segment[]
  readonly epochs: Epochs
  readonly startOffset: number
  readonly endOffset: number
  /** of the log's end; they are read when they are first asked for */
  readonly producers: () => Producers
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
    const segment = new Segment(base, host.files.file(segmentPath(folder, base, 'log')), modified)
    Object.assign(segment, { end, size, largest: { timestamp, offset } })
    useStoredRows(host.files, folder, segment)
    return segment
  })
  const endOffset = Math.max(note.from, segments.at(-1)?.end ?? 0)
  const producers = producersOf(host, note, segments)
  return { segments, epochs: new Epochs(note.epochs), startOffset: note.from, endOffset, producers }
}

/** A segment that was safe before the crash: its indexes are trusted, and its last time row has its largest time. */
function safeSegment(host: Host, folder: string, base: number, end: number): Segment {
  const segment = new Segment(base, host.files.file(segmentPath(folder, base, 'log')), host.clock.now())
  useStoredRows(host.files, folder, segment)
  segment.size = segment.file.size()
  segment.end = end
  const { times } = segment
  if (times.count === 0) return segment
  const row = times.row(times.count - 1)
  segment.largest = { timestamp: int64At(row, 0), offset: base + row.readInt32BE(8) }
  return segment
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
  const has = (base: number, kind: 'index' | 'timeindex'): boolean => names.has(segmentPath('', base, kind).slice(1))
  return {
    bases: bases.toSorted((a, b) => a - b),
    isIndexed: (base) => has(base, 'index') && has(base, 'timeindex'),
  }
}

/** Looks through the files: what was not yet safe is read whole, and cut off at the first thing that is not right. */
export function recoverLog(host: Host, note: PartitionNote, indexInterval: number): Recovered {
  const { files, onCut } = host
  const folder = folderOf(note.topic, note.partition)
  const { bases, isIndexed } = findSegments(host, folder, note)
  const segments: Segment[] = []
  const epochs = new Epochs(note.epochs)
  const producers = producersOf(host, note, segments)
  let end = 0
  let isCut = false
  for (const [n, base] of bases.entries()) {
    const next = bases[n + 1]
    const path = segmentPath(folder, base, 'log')
    // what is before the start is of no use but for the producers that are not written down yet
    const isPast = next !== undefined && next <= Math.min(note.from, note.safe)
    // behind a cut nothing is kept; and a segment that begins inside the one before was merged into that one
    if (isCut || base < end || isPast) {
      if (isCut) onCut({ path, from: 0, to: files.file(path).size(), reason: 'what is before it was cut' })
      removeSegment(host, folder, base)
      continue
    }
    const isSafe = next !== undefined && next <= note.safe && isIndexed(base)
    const segment = isSafe
      ? safeSegment(host, folder, base, next)
      : new Segment(base, files.file(path), host.clock.now())
    segments.push(segment)
    if (!isSafe) isCut = rescan(segment)
    // a killed process may have left it in the page cache only, and readers may see it now
    if (!isSafe && host.durability === 'disk') segment.file.syncNow()
    end = segment.end
  }
  const startOffset = Math.max(note.from, segments[0]?.base ?? 0)
  epochs.dropFrom(end + 1)
  epochs.dropBefore(startOffset)
  return { segments, epochs, startOffset, endOffset: Math.max(startOffset, end), producers }

  /** Answers whether something was cut off. */
  function rescan(segment: Segment): boolean {
    const fault = scanSegment(segment, {
      safe: note.safe,
      from: end,
      indexInterval,
      onBatch: (cursor) => {
        epochs.assign(cursor.leaderEpoch, cursor.baseOffset)
        if (cursor.baseOffset >= note.producersAt) addBatch(producers, cursor)
      },
    })
    if (fault === undefined) return false
    onCut({ path: segment.file.path, from: segment.size, to: segment.file.size(), reason: fault })
    segment.file.truncate(segment.size)
    return true
  }
}

/** Removes the files of a segment; its log last, so that what is left after a crash is removed again. */
export function removeSegment({ files }: Host, folder: string, base: number): void {
  for (const kind of ['index', 'timeindex', 'log'] as const) files.remove(segmentPath(folder, base, kind))
}
