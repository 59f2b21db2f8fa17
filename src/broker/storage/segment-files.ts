// The files of a segment: their names, as Kafka gives them, and when the indexes are written.
import type { Files } from './files.ts'
import type { GroupSync } from './group-sync.ts'
import { growingRows, offsetRow, storedRows, timeRow } from './index-rows.ts'
import { Segment } from './segment.ts'

/** log: batches; index and timeindex: sparse indexes; producers: as they were at the offset; cleaned: not in use yet */
export type FileKind = 'log' | 'index' | 'timeindex' | 'producers' | 'cleaned'

export function segmentName(base: number, kind: FileKind): string {
  return `${String(base).padStart(20, '0')}.${kind}`
}

export function segmentPath(folder: string, base: number, kind: FileKind): string {
  return `${folder}/${segmentName(base, kind)}`
}

/** A segment over the file of that base, which need not be there yet; nothing is read. `modified` is in ms. */
export function segmentIn(files: Files, folder: string, base: number, modified: number): Segment {
  return new Segment(base, files.file(segmentPath(folder, base, 'log')), modified)
}

/** The offset and the kind that a file's name tells; undefined for a file that is not of a log. */
export function parseName(name: string): { readonly base: number; readonly kind: string } | undefined {
  const [, digits, kind] = /^(\d{20})\.(.+)$/.exec(name) ?? []
  return digits === undefined || kind === undefined ? undefined : { base: Number(digits), kind }
}

/**
 * Makes a segment safe against a power loss, indexes included, and lets go of the indexes in memory. Resolves when the device has
 * it; rejects with what the device says.
 */
export async function storeSegment(files: Files, sync: GroupSync, folder: string, segment: Segment): Promise<void> {
  await sync.after(segment.file)
  segment.noteTime()
  // until the files are written, rows that came from them are in memory
  const offsets = (segment.offsets = growingRows(segment.offsets, offsetRow))
  const times = (segment.times = growingRows(segment.times, timeRow))
  const tables = [
    { path: segmentPath(folder, segment.base, 'index'), bytes: offsets.bytes() },
    { path: segmentPath(folder, segment.base, 'timeindex'), bytes: times.bytes() },
  ]
  for (const { path, bytes } of tables) {
    files.remove(path)
    files.file(path).append([bytes])
  }
  await Promise.all(tables.map(({ path }) => sync.after(files.file(path))))
}

/** Lets a segment find its rows in their files. */
export function useStoredRows(files: Files, folder: string, segment: Segment): void {
  segment.offsets = storedRows(files, segmentPath(folder, segment.base, 'index'), offsetRow)
  segment.times = storedRows(files, segmentPath(folder, segment.base, 'timeindex'), timeRow)
  segment.isDirty = false
}
