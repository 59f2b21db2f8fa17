// A text file that findings point into.
import type { Place } from '../core/finding.ts'

export interface Source {
  /** as people call it: relative to the folder that evplat works in */
  readonly file: string
  readonly text: string
  /** offset of the first character of each line */
  readonly lineStarts: readonly number[]
  /** lines as findings show them, kept because thousands may point into one long line */
  readonly shownLines: Map<number, string>
}

/** A text as what findings point into; `file` is its name in them. */
export function createSource(file: string, text: string): Source {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  return { file, text, lineStarts, shownLines: new Map() }
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
  const text = shownLine(source, line)
  const length = Math.max(1, Math.min(end - start, text.length - column))
  return { file: source.file, line: line + 1, column: column + 1, length, text }
}

function shownLine(source: Source, line: number): string {
  const known = source.shownLines.get(line)
  if (known !== undefined) return known
  const text = lineText(source, line)
  const isSecret = line > 0 && secretAbove.test(lineText(source, line - 1))
  const shown = isSecret ? starred(text) : masked(text)
  source.shownLines.set(line, shown)
  return shown
}

// a key of one word that sounds secret, also misspelt; bounded repetitions, so that a line of a megabyte is looked at once
const secretName = String.raw`(?:p[as]{1,3}w|passphrase|pwd|secret|token|credential|api[_-]?key)`
const secretKey = String.raw`(?<![\w.-])[\w-]{0,32}${secretName}[\w-]{0,32}["']?\s{0,64}:`
const secretAbove = new RegExp(String.raw`${secretKey}\s{0,64}(?:[|>][-+\d]{0,4})?\s{0,64}$`, 'i')
const quotedOrVariable = String.raw`(?:"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|\$\{[^}]*\})(?=[\s,}\]]|$)`
const secretHere = new RegExp(String.raw`(${secretKey}\s{0,64})(${quotedOrVariable}|\S.*)`, 'gi')
const userInfo = /(:\/\/)([^/\s]+)(?=@)/g
const mayHoldSecret = new RegExp(String.raw`:\/\/|${secretName}`, 'i')

/** a variable without a default, or the start of a block */
const isHarmless = /^(["']?\$\{\w+(:\?[^}]*)?\}["']?|[|>][-+\d]*)\s*$/

const starred = (text: string): string => text.replaceAll(/\S/g, '*')
/** the same, but for variables */
const starredAround = (text: string): string =>
  text.replaceAll(/\$\{\w+\}|./g, (part) => (part.length > 1 ? part : '*'))

/** A line with what looks like a literal secret starred out; `${VARIABLES}` stay. The columns stay true. */
function masked(text: string): string {
  if (!mayHoldSecret.test(text)) return text
  return text
    .replaceAll(secretHere, (whole, key: string, value: string) =>
      isHarmless.test(value) ? whole : key + starred(value),
    )
    .replaceAll(userInfo, (_, slashes: string, user: string) => slashes + starredAround(user))
}
