// Where things stand in the text of platform.yaml: nodes of the `yaml` library, of which only the places are used.
import { type ParsedNode, type YAMLMap, isCollection, isScalar, parseDocument } from 'yaml'

export interface Spot {
  readonly node: ParsedNode | null
  /** the end of the key that it belongs to; 0 for the root */
  readonly keyEnd: number
}

/** Signs in `${...}` would end a map in braces, and only places are wanted: the length of the text stays. */
function masked(text: string): string {
  return text.replaceAll(/\$\{[^{}\n]*\}/g, (variable) => 'x'.repeat(variable.length))
}

/** The root of a text that has been read as a platform before. */
export function rootOf(text: string): Spot {
  const document = parseDocument(masked(text), {
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  return { node: document.contents, keyEnd: 0 }
}

/** What stands under a key of a map; undefined where the map has no such key. */
export function childOf(map: YAMLMap.Parsed, key: string): Spot | undefined {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.source === key)
  return pair && { node: pair.value, keyEnd: pair.key.range[1] }
}

/** Behind the last sign of a node; comments that follow it are not part of it. */
export function endOf(text: string, node: ParsedNode): number {
  const last = isCollection(node) && node.flow !== true ? node.items.at(-1) : undefined
  if (last === undefined) return trimmedEnd(text, node.range[1])
  if (!('key' in last)) return endOf(text, last)
  const { key, value } = last
  const keyEnd = endOf(text, key)
  // an empty value stands for nothing: the entry ends with its colon
  if (value === null || (isScalar(value) && value.source === '' && value.range[0] === value.range[1]))
    return Math.max(keyEnd, text.indexOf(':', keyEnd) + 1)
  return endOf(text, value)
}

function trimmedEnd(text: string, end: number): number {
  let at = end
  while (at > 0 && /\s/.test(text.charAt(at - 1))) at--
  return at
}

/** How far the line of a place is indented up to it. */
export function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1)
}

/** The end of the line of a place, before its line break. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  if (end === -1) return text.length
  return text.charAt(end - 1) === '\r' && end > at ? end - 1 : end
}

/** Whether nothing is written there: `topics:` alone, or with `null` or `~`. */
export function isNothing(node: ParsedNode | null): boolean {
  return node === null || (isScalar(node) && node.type === 'PLAIN' && /^(|~|null)$/i.test(node.source))
}

export { isMap, isSeq } from 'yaml'
