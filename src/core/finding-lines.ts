// Findings for people: severity, code, message, the place with a caret, and the remedy.
import type { Finding, Place, Severity } from './finding.ts'
import type { Style } from './style.ts'

function paint(severity: Severity, style: Style): (text: string) => string {
  return severity === 'error' ? style.red : severity === 'warning' ? style.yellow : style.cyan
}

/** The lines of one finding. A long source line is shown around its caret. */
export function findingLines(finding: Finding, style: Style): string[] {
  const { at, remedy, severity } = finding
  const lines = [`${paint(severity, style)(`${severity}[${finding.code}]`)}: ${finding.message}`]
  if (at) {
    lines.push(`  --> ${at.file}:${at.line}:${at.column}`)
    if (at.text !== undefined) lines.push(...caretLines(at, at.text, style))
  }
  if (remedy !== undefined) lines.push(`  = ${remedy}`)
  return lines
}

const widest = 120

function caretLines(at: Place, text: string, style: Style): string[] {
  const gutter = String(at.line)
  const before = at.column - 1
  const cut = Math.max(0, Math.min(before - 20, text.length - widest))
  const shown = text.slice(cut, cut + widest).replaceAll('\t', ' ')
  const caret = ' '.repeat(Math.max(0, before - cut)) + '^'.repeat(Math.max(1, Math.min(at.length ?? 1, widest)))
  return [
    `${style.dim(`${gutter} |`)} ${shown}`,
    `${' '.repeat(gutter.length)} ${style.dim('|')} ${style.yellow(caret)}`,
  ]
}
