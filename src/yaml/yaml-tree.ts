// Nodes of the `yaml` library -> our tree. Aliases and merge keys are resolved here, with a bound; keys are checked here.
import {
  type ParsedNode,
  Scalar as YamlScalar,
  type YAMLMap,
  type YAMLSeq,
  isAlias,
  isMap,
  isScalar,
  isSeq,
} from 'yaml'
import type { Report } from './report.ts'
import { type Source, placeIn } from './source.ts'
import type { Entry, List, Mapping, Scalar, Tree } from './tree.ts'
import { unshielded } from './yaml-text.ts'

/** aliases may not make a file larger than the largest one that is read */
const maxNodes = 1_500_000

interface Conversion {
  readonly source: Source
  readonly report: Report
  /** the last node of each anchor so far, and how many nodes it has; 'open' while it is being read */
  readonly anchors: Map<string, { readonly tree: Tree; readonly size: number } | 'open'>
  /** nodes so far, those behind aliases counted at each use */
  count: number
}

/** Converts the nodes of a document. What cannot be read is reported and stands as null. */
export function convertTree(source: Source, contents: ParsedNode, report: Report): Tree {
  return convert({ source, report, anchors: new Map(), count: 0 }, contents)
}

function convert(to: Conversion, node: ParsedNode | null | undefined, at = 0): Tree {
  if (isAlias(node)) return resolveAlias(to, node.source, node.range[0], node.range[1])
  const before = to.count++
  const anchor = node?.anchor
  if (anchor !== undefined) to.anchors.set(anchor, 'open')
  const tree = convertNode(to, node, at)
  if (anchor !== undefined) to.anchors.set(anchor, { tree, size: to.count - before })
  return tree
}

function convertNode(to: Conversion, node: ParsedNode | null | undefined, at: number): Tree {
  if (isMap(node)) return convertMap(to, node as YAMLMap.Parsed)
  if (isSeq(node)) return convertList(to, node as YAMLSeq.Parsed)
  if (isScalar(node)) return convertScalar(node as YamlScalar.Parsed)
  return nothing(at, at)
}

const nothing = (start: number, end: number): Scalar => ({ kind: 'scalar', start, end, text: '', isNull: true })

function convertScalar(node: YamlScalar.Parsed): Scalar {
  const text = unshielded(String(node.value ?? ''))
  const isNull = node.type === YamlScalar.PLAIN && /^(|~|null|Null|NULL)$/.test(text)
  return { kind: 'scalar', start: node.range[0], end: node.range[1], text, isNull }
}

function convertList(to: Conversion, node: YAMLSeq.Parsed): List {
  const items = node.items.map((item) => convert(to, item, node.range[0]))
  return { kind: 'list', start: node.range[0], end: node.range[1], items }
}

function resolveAlias(to: Conversion, name: string, start: number, end: number): Tree {
  const refuse = (message: string, remedy: string): Tree => {
    to.report.error({ code: 'yaml-alias', at: placeIn(to.source, start, end), message, remedy })
    return nothing(start, end)
  }
  const anchor = to.anchors.get(name)
  if (!anchor) return refuse(`the anchor "&${name}" does not stand before its alias`, 'write the anchor first')
  if (anchor === 'open') return refuse(`the anchor "&${name}" contains itself`, 'take the alias out of it')
  to.count += anchor.size
  if (to.count <= maxNodes) return anchor.tree
  if (to.count - anchor.size > maxNodes) return nothing(start, end)
  return refuse('aliases make the file too large', `at most ${maxNodes} values are read, each alias counted in full`)
}

function convertMap(to: Conversion, node: YAMLMap.Parsed): Mapping {
  const entries = new Map<string, Entry>()
  const merged: Tree[] = []
  for (const pair of node.items) {
    const key = convertKey(to, pair.key)
    const value = convert(to, pair.value, pair.key.range[1])
    if (key?.text === '<<') merged.push(...mergeSources(to, value, key))
    else if (key) addEntry(to, entries, key, value)
  }
  for (const source of merged)
    if (source.kind === 'map')
      for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry)
  return { kind: 'map', start: node.range[0], end: node.range[1], entries }
}

function convertKey({ source, report }: Conversion, node: ParsedNode): Scalar | undefined {
  const key = isScalar(node) ? convertScalar(node as YamlScalar.Parsed) : undefined
  if (key && !key.isNull && key.text !== '__proto__') return key
  report.error({
    code: 'yaml-key',
    at: placeIn(source, node.range[0], node.range[1]),
    message: 'this cannot be a key',
    remedy: 'a key is text: letters, digits, dots, dashes',
  })
  return undefined
}

function addEntry({ source, report }: Conversion, entries: Map<string, Entry>, key: Scalar, value: Tree): void {
  const first = entries.get(key.text)
  if (!first) {
    entries.set(key.text, { key, value })
    return
  }
  const { line } = placeIn(source, first.key.start)
  report.error({
    code: 'yaml-duplicate-key',
    at: placeIn(source, key.start, key.end),
    message: `"${key.text}" stands here for the second time`,
    remedy: `it stands in line ${line} already: keep one of them`,
  })
}

/** The maps that `<<:` names, the first one first (YAML merge key language-independent type). */
function mergeSources({ source, report }: Conversion, value: Tree, key: Scalar): Tree[] {
  const sources = value.kind === 'list' ? [...value.items] : [value]
  if (sources.every((tree) => tree.kind === 'map')) return sources
  report.error({
    code: 'yaml-alias',
    at: placeIn(source, key.start, key.end),
    message: '"<<" merges maps only',
    remedy: 'for example `<<: *defaults`, where `&defaults` stands before a map',
  })
  return []
}
