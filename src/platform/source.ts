// A text file that findings point into.
import { type Place } from '../core/finding.ts'

export interface Source {
  /** as people call it: relative to the folder that evplat works in */
  readonly file: string
  readonly text: string
  /** offset of the first character of each line */
  readonly lineStarts: readonly number[]
}

export function createSource(file: string, text: string): Source {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  return { file, text, lineStarts }
}

/** Index of the line that holds the character at `offset`. */
function lineAt(lineStarts: readonly number[], offset: number): number {
  let [low, high] = [0, lineStarts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (lineStarts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low
}

function lineText({ text, lineStarts }: Source, line: number): string {
  const end = lineStarts[line + 1] ?? text.length + 1
  return text.slice(lineStarts[line], end - 1).replace(/\r$/, '')
}

/** The place of the characters from `start` to `end`, cut at the end of the first line. Secrets in that line are masked. */
export function placeIn(source: Source, start: number, end = start + 1): Place {
  const line = lineAt(source.lineStarts, start)
  const column = start - source.lineStarts[line]!
  const text = lineText(source, line)
  const length = Math.max(1, Math.min(end - start, text.length - column))
  const before = line > 0 && secretAbove.test(lineText(source, line - 1))
  return { file: source.file, line: line + 1, column: column + 1, length, text: before ? starred(text) : masked(text) }
}

const secretKey = String.raw`[\w.-]*(?:pas|pwd|secret|token|cred|api[_-]?key)[\w.-]*["']?\s*:`
const secretAbove = new RegExp(String.raw`${secretKey}\s*(?:[|>][-+\d]*)?\s*$`, 'i')
const quotedOrVariable = String.raw`"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|\$\{[^}]*\}`
const secretHere = new RegExp(String.raw`(${secretKey}\s*)(${quotedOrVariable}|\S.*)`, 'gi')
const userInfo = /(:\/\/)([^/@\s${}]+)(?=@)/g

/** a variable without a default, or the start of a block */
const isHarmless = /^(["']?\$\{\w+(:\?[^}]*)?\}["']?|[|>][-+\d]*)\s*$/

const starred = (text: string): string => text.replaceAll(/\S/g, '*')

/** A line with what looks like a literal secret starred out; `${VARIABLES}` stay. The columns stay true. */
function masked(text: string): string {
  if (!/:\/\/|pas|pwd|secret|token|cred|key/i.test(text)) return text
  return text
    .replaceAll(secretHere, (whole, key: string, value: string) =>
      isHarmless.test(value) ? whole : key + starred(value),
    )
    .replaceAll(userInfo, (_, slashes: string, user: string) => slashes + starred(user))
}
