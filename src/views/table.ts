export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

function widths({ head, rows }: Table): number[] {
  return head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)))
}

/** Aligned columns with a heading line, as kubectl prints them. */
export function columnLines(table: Table): string[] {
  const width = widths(table)
  return [table.head, ...table.rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(width[i]!))
      .join('  ')
      .trimEnd(),
  )
}

/** Tables with rules around their cells (`-o table`), an empty line between two. */
export function drawTables(tables: readonly Table[]): string {
  return tables.map(drawTable).join('\n')
}

function drawTable(table: Table): string {
  const width = widths(table)
  const rule = `+${width.map((w) => '-'.repeat(w + 2)).join('+')}+`
  const line = (row: readonly string[]): string => `|${width.map((w, i) => ` ${(row[i] ?? '').padEnd(w)} `).join('|')}|`
  return [rule, line(table.head), rule, ...table.rows.map(line), rule].join('\n') + '\n'
}
