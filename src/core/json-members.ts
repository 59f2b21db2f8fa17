// The members of a JSON object as they are written: what goes on as text must not lose digits or white space on its way.

/** Where the string that begins at a quote ends: behind its other quote. */
function stringEnd(text: string, quote: number): number {
  let at = quote + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** Where the value that begins here ends: before the comma or brace behind it. */
function valueEnd(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length;) {
    const character = text[at]!
    if (character === '"') {
      at = stringEnd(text, at)
      continue
    }
    if (depth === 0 && (character === ',' || character === '}')) return at
    if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    at++
  }
  return text.length
}

/** The text of each member's value, without white space around it. `text` has to be the JSON text of an object. */
export function memberTexts(text: string): Map<string, string> {
  const members = new Map<string, string>()
  for (let at = text.indexOf('"'); at >= 0;) {
    const keyEnd = stringEnd(text, at)
    const start = text.indexOf(':', keyEnd) + 1
    const end = valueEnd(text, start)
    members.set(JSON.parse(text.slice(at, keyEnd)) as string, text.slice(start, end).trim())
    at = text.indexOf('"', end)
  }
  return members
}
