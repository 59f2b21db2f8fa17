// platform.yaml as a tree with its text: what every later step of the loader points into.
import type { Place } from '../core/finding.ts'
import { type Source, placeIn } from '../yaml/source.ts'
import { type Mapping, type Path, keyRangeOf, nodeAt, rangeOf } from '../yaml/tree.ts'

export interface Located {
  readonly source: Source
  readonly root: Mapping
}

/** Where the value of a path stands; its key where it is a map, a list or nothing. */
export function placeOf({ source, root }: Located, path: Path): Place {
  const { start, end } = rangeOf(root, path)
  return placeIn(source, start, end)
}

/** Where the key of a path stands; the entry itself in a list. */
export function keyPlaceOf({ source, root }: Located, path: Path): Place {
  const { start, end } = keyRangeOf(root, path)
  return placeIn(source, start, end)
}

const longest = 60

/** The text of a scalar for a message: variables as they are written, never what they stand for. */
export function shown(written: string): string {
  const line = written.replaceAll(/\s+/g, ' ').trim()
  return `"${line.length > longest ? `${line.slice(0, longest)}...` : line}"`
}

/** The scalar at a path for a message. */
export function shownAt({ root }: Located, path: Path): string {
  const node = nodeAt(root, path)
  return shown(node?.kind === 'scalar' ? (node.written ?? node.text) : '')
}

/** How messages call the thing at a path. */
export function nameOf(path: Path): string {
  const last = path.at(-1)
  if (last === undefined) return 'the platform'
  return typeof last === 'number' ? `entry ${last + 1} of ${nameOf(path.slice(0, -1))}` : `"${last}"`
}
