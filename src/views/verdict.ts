import type { Style } from '../core/style.ts'
import type { Verdict } from '../verify/verdict.ts'
import { findingLines } from '../core/finding-lines.ts'

/** Findings with their places, then a line per check. */
export function verdictText({ findings, checks }: Verdict, style: Style): string {
  const lines = findings.flatMap((finding) => [...findingLines(finding, style), ''])
  for (const { name, passed } of checks) lines.push(`${passed ? style.green('passed') : style.red('FAILED')}  ${name}`)
  return lines.join('\n') + '\n'
}
