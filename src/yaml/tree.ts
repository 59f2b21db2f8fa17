// What the YAML of platform.yaml says, with the place of every node. Every scalar is text: the shape decides what it means,
// so `name: 123`, `version: 3.10` and `"true"` are what their reader takes them for.

interface Ranged {
  /** offsets in the file */
  readonly start: number
  readonly end: number
}
export interface Scalar extends Ranged {
  readonly kind: 'scalar'
  /** the text, variables filled in */
  text: string
  /** nothing, `~` or `null` */
  readonly isNull: boolean
  /** the text as written, where variables were filled in: this is what messages show */
  written?: string
  /** a variable in it has no value, so nothing can be said about the text */
  unset?: boolean
}
export interface List extends Ranged {
  readonly kind: 'list'
  readonly items: readonly Tree[]
}
export interface Entry {
  readonly key: Ranged
  readonly value: Tree
}
export interface Mapping extends Ranged {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Entry>
}
export type Tree = Scalar | List | Mapping

export type Path = readonly (string | number)[]

/** The node at a path, or undefined where the file has none. */
export function nodeAt(root: Tree, path: Path): Tree | undefined {
  let node: Tree | undefined = root
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.get(String(step))?.value
    else if (node?.kind === 'list') node = node.items[Number(step)]
    else return undefined
  }
  return node
}

/** The range to point at for a path: a written scalar itself, else the key; the nearest thing above where there is neither. */
export function rangeOf(root: Tree, path: Path): Ranged {
  let range: Ranged = { start: root.start, end: root.start + 1 }
  let node: Tree | undefined = root
  for (const step of path) {
    if (node?.kind === 'map') {
      const entry: Entry | undefined = node.entries.get(String(step))
      if (!entry) return range
      range = entry.key
      node = entry.value
    } else if (node?.kind === 'list') {
      node = node.items[Number(step)]
      if (!node) return range
      range = node
    } else return range
  }
  return node?.kind === 'scalar' && !node.isNull ? node : range
}

/** The range of the key of a path; of the entry itself in a list. */
export function keyRangeOf(root: Tree, path: Path): Ranged {
  const holder = nodeAt(root, path.slice(0, -1))
  const key = holder?.kind === 'map' ? holder.entries.get(String(path.at(-1)))?.key : undefined
  return key ?? rangeOf(root, path)
}

/** Names of the keys of the map at a path; none where there is no map. */
export function keysAt(root: Tree, path: Path): string[] {
  const node = nodeAt(root, path)
  return node?.kind === 'map' ? [...node.entries.keys()] : []
}

export type Plain = string | null | Plain[] | { [key: string]: Plain }

/** The tree as plain values: text, null, arrays, objects without a prototype. Each call makes its own. */
export function toPlain(tree: Tree): Plain {
  if (tree.kind === 'scalar') return tree.isNull ? null : tree.text
  if (tree.kind === 'list') return tree.items.map(toPlain)
  const object = Object.create(null) as { [key: string]: Plain }
  for (const [key, { value }] of tree.entries) object[key] = toPlain(value)
  return object
}
