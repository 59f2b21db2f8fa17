// New entries for platform.yaml as insertions into its text, so that comments, order and blank lines stay as they are.
import type { YAMLMap, YAMLSeq } from 'yaml'
import { type Spot, childOf, columnOf, endOf, isMap, isNothing, isSeq, lineEnd, rootOf } from './nodes.ts'

/** Why a text can't be edited at a path: what stands there is written in a way that only its author can extend. */
export interface NotEditable {
  readonly problem: string
}

type Edited = string | NotEditable

const splice = (text: string, at: number, inserted: string): string => text.slice(0, at) + inserted + text.slice(at)
const eolOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n')

/** A text as one scalar of YAML, also within braces: quoted where it would be read as something else. */
export function scalar(value: string): string {
  const isPlain = /^[A-Za-z_][\w./-]*$/.test(value) && !/^(null|true|false|yes|no|on|off|y|n)$/i.test(value)
  return isPlain || /^\d{1,9}$/.test(value) ? value : JSON.stringify(value)
}

/** A name as a key: what looks like a number is quoted. */
export function keyText(name: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(name) ? scalar(name) : JSON.stringify(name)
}

/** Lines of a block: `a:`, `  b:`, `    c: value`. */
function nested(path: readonly string[], value: string, indent: string, eol: string): string {
  const [key, ...rest] = path
  const head = `${indent}${keyText(key!)}:`
  return rest.length === 0 ? `${head} ${value}` : `${head}${eol}${nested(rest, value, `${indent}  `, eol)}`
}

/** The same within braces: `a: { b: { c: value } }`. */
function flow([key, ...rest]: readonly string[], value: string): string {
  return `${keyText(key!)}: ${rest.length === 0 ? value : `{ ${flow(rest, value)} }`}`
}

function intoFlow(text: string, node: YAMLMap.Parsed | YAMLSeq.Parsed, inserted: string): string {
  const last = node.items.at(-1)
  const isList = isSeq(node)
  if (last === undefined) {
    const pad = isList ? '' : ' '
    return text.slice(0, node.range[0] + 1) + pad + inserted + pad + text.slice(node.range[1] - 1)
  }
  const place = 'key' in last ? (last.value ?? last.key) : last
  return splice(text, endOf(text, place), `, ${inserted}`)
}

/** The entry behind the last one; a blank line where the top level is kept in sections. */
function intoBlock(text: string, node: YAMLMap.Parsed, path: readonly string[], value: string): string {
  const eol = eolOf(text)
  const at = lineEnd(text, endOf(text, node))
  const column = columnOf(text, node.range[0])
  const isTop = column === 0
  if (isTop) {
    const gap = text.endsWith('\n') ? '' : eol
    return `${text}${gap}${eol}${nested(path, value, '', eol)}${eol}`
  }
  return splice(text, at, eol + nested(path, value, ' '.repeat(column), eol))
}

function intoNothing(text: string, spot: Spot, path: readonly string[], value: string): string {
  const { node, keyEnd } = spot
  const colon = text.indexOf(':', keyEnd)
  const isWritten = node !== null && node.range[1] > node.range[0]
  const cleared = isWritten ? text.slice(0, node.range[0]) + text.slice(node.range[1]) : text
  const lineStart = text.lastIndexOf('\n', colon) + 1
  const indent = /^ */.exec(text.slice(lineStart))![0]
  const eol = eolOf(text)
  return splice(cleared, lineEnd(cleared, colon), eol + nested(path, value, `${indent}  `, eol))
}

/**
 * The text with an entry at `path`, where nothing stands yet; maps on the way are made where they are missing.
 * `value` is YAML of one line that may stand within braces, too.
 */
export function addEntry(text: string, path: readonly string[], value: string): Edited {
  return walk(rootOf(text), path, (spot, rest) => {
    const { node } = spot
    if (isNothing(node))
      return isInFlow(text, spot) ? fillFlow(text, spot, flow(rest, value)) : intoNothing(text, spot, rest, value)
    if (!isMap(node)) return { problem: `"${path.slice(0, -rest.length).join('.')}" is not a plain map` }
    return node.flow === true ? intoFlow(text, node, flow(rest, value)) : intoBlock(text, node, rest, value)
  })
}

/** The text with one more item in the list at `path`; the list is made where it is missing. */
export function addItem(text: string, path: readonly string[], item: string): Edited {
  return walk(rootOf(text), path, (spot, rest) => {
    if (rest.length > 0) return addEntry(text, path, `[${item}]`)
    const { node } = spot
    if (isNothing(node)) return replaceNothing(text, spot, `[${item}]`)
    if (!isSeq(node)) return { problem: `"${path.join('.')}" is not a plain list` }
    if (node.flow === true) return intoFlow(text, node, item)
    const indent = ' '.repeat(columnOf(text, node.range[0]))
    return splice(text, lineEnd(text, endOf(text, node)), `${eolOf(text)}${indent}- ${item}`)
  })
}

/** Goes down as far as maps are there; `then` gets the last thing that is there and the part of the path that is not. */
function walk(spot: Spot, path: readonly string[], then: (spot: Spot, rest: readonly string[]) => Edited): Edited {
  const [key, ...rest] = path
  const child = key !== undefined && isMap(spot.node) ? childOf(spot.node, key) : undefined
  return child === undefined ? then(spot, path) : walk(child, rest, then)
}

/** Whether an empty value stands within braces; a key without a colon does. */
function isInFlow(text: string, { node, keyEnd }: Spot): boolean {
  const behind = text.slice(keyEnd)
  if (!/^\s*:/.test(behind)) return true
  const end = node && node.range[1] > node.range[0] ? node.range[1] : text.indexOf(':', keyEnd) + 1
  return /^\s*[,}]/.test(text.slice(end))
}

const fillFlow = (text: string, spot: Spot, inner: string): string => replaceNothing(text, spot, `{ ${inner} }`)

function replaceNothing(text: string, { node, keyEnd }: Spot, value: string): string {
  const hasColon = /^\s*:/.test(text.slice(keyEnd))
  if (!hasColon) return splice(text, keyEnd, `: ${value}`)
  const colon = text.indexOf(':', keyEnd)
  const isWritten = node !== null && node.range[1] > node.range[0]
  if (isWritten) return text.slice(0, node.range[0]) + value + text.slice(node.range[1])
  return splice(text, colon + 1, ` ${value}`)
}
