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

/** The producers at the offset up to which everything was safe. */
function producersOf(host: Host, note: PartitionNote, segments: readonly Segment[]): () => Producers {
  let found: Producers | undefined
  const folder = folderOf(note.topic, note.partition)
  return () => (found ??= note.hasProducers ? loadProducers(host.files, folder, note.safe, segments) : new Producers())
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

/** Looks through the files: what was not yet safe is read whole, and cut off at the first thing that is not right. */
export function recoverLog(host: Host, note: PartitionNote, indexInterval: number): Recovered {
  const { files, onCut } = host
  const folder = folderOf(note.topic, note.partition)
  const names = new Set(files.list(folder))
  const isLeftOver = (name: string): boolean => {
    const parsed = parseName(name)
    return parsed?.kind === 'cleaned' || (parsed?.kind === 'producers' && parsed.base !== note.safe)
  }
  for (const name of names) if (isLeftOver(name)) files.remove(`${folder}/${name}`)
  const bases = [...names]
    .map(parseName)
    .flatMap((parsed) => (parsed?.kind === 'log' ? [parsed.base] : []))
    .toSorted((a, b) => a - b)
  const isIndexed = (base: number): boolean =>
    (['index', 'timeindex'] as const).every((kind) => names.has(segmentPath('', base, kind).slice(1)))
  const segments: Segment[] = []
  const epochs = new Epochs(note.epochs)
  const producers = producersOf(host, note, segments)
  let end = 0
  let isCut = false
  for (const [n, base] of bases.entries()) {
    const next = bases[n + 1]
    const path = segmentPath(folder, base, 'log')
    // behind a cut nothing is kept; and a segment that begins inside the one before was merged into that one
    if (isCut || base < end || (next !== undefined && next <= note.from)) {
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
    end = segment.end
  }
  epochs.dropFrom(end + 1)
  const startOffset = Math.max(note.from, segments[0]?.base ?? 0)
  return { segments, epochs, startOffset, endOffset: Math.max(startOffset, end), producers }

  /** Answers whether something was cut off. */
  function rescan(segment: Segment): boolean {
    const fault = scanSegment(segment, {
      safe: note.safe,
      from: end,
      indexInterval,
      onBatch: (cursor) => {
        epochs.assign(cursor.leaderEpoch, cursor.baseOffset)
        if (cursor.baseOffset >= note.safe) addBatch(producers, cursor)
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
