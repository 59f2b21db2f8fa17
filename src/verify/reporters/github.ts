// Findings as workflow commands: GitHub shows them as annotations on the lines of a pull request.
import type { Finding } from '../../core/finding.ts'

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const

/** One `::error file=...,line=...::message` line for each finding. */
export function githubAnnotations(findings: readonly Finding[]): string {
  return findings.map((finding) => `${annotation(finding)}\n`).join('')
}

function annotation({ severity, code, message, at, remedy }: Finding): string {
  const properties: [string, string | number][] = at
    ? [
        ['file', at.file.replaceAll('\\', '/')],
        ['line', at.line],
        ['col', at.column],
        ['endColumn', at.column + (at.length ?? 1)],
      ]
    : []
  properties.push(['title', `evplat ${code}`])
  const list = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',')
  return `::${commands[severity]} ${list}::${escapeData(remedy === undefined ? message : `${message}\n${remedy}`)}`
}

// github.com/actions/toolkit, packages/core/src/command.ts
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
