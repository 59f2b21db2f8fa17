/** A text as it stands between the backticks: without the first line end and the indentation that all its lines share. */
export function block(parts: TemplateStringsArray, ...values: readonly unknown[]): string {
  const text = String.raw({ raw: parts }, ...values)
  const lines = text.replace(/^\n/, '').split('\n')
  if (lines.at(-1)!.trim() === '') lines[lines.length - 1] = ''
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length)
  const indent = Math.min(...indents)
  return lines.map((line) => line.slice(indent)).join('\n')
}
