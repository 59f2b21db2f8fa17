// The table of servers as a test can compare it whole: what varies from run to run is named, and the columns are as wide as what is left.

/** what a column shows of a server that runs, and the name that stands for it */
const varyingColumns: Readonly<Record<string, string>> = { HEALTH: 'HEALTH', SINCE: 'TIME', MEMORY: 'MEMORY' }

type Mask = (cell: string) => string

/** Lays the tables in a text out anew, after `mask` was applied to each cell. */
export function steadyTables(text: string, mask: Mask): string {
  const blocks = text.split(/^(\| SERVER .*\n(?:\| \S.*\n?)+)/m)
  return blocks.map((block, i) => (i % 2 === 1 ? steadyTable(block, mask) : block)).join('')
}

function steadyTable(block: string, mask: Mask): string {
  const lines = block.trimEnd().split('\n')
  const columns = [...lines[0]!.slice(2).matchAll(/\S+/g)].map(({ 0: name, index }) => ({ name, start: index + 2 }))
  const rows = lines.map((line, row) =>
    columns.map(({ name, start }, i) => {
      const cell = line.slice(start, columns[i + 1]?.start).trim()
      const isNamed = row > 0 && cell !== '' && name in varyingColumns
      return isNamed ? varyingColumns[name]! : mask(cell)
    }),
  )
  const widths = columns.map((_, i) => Math.max(...rows.map((cells) => cells[i]!.length)))
  const texts = rows.map((cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd())
  return `${texts.join('\n')}\n`
}
