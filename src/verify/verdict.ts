// Findings -> the verdict of the gate: which checks passed, and the exit code.
import { exitCode, type ExitCode } from '../core/exit-codes.ts'
import { type Finding, type PublishedFinding, publishFinding, sortFindings } from '../core/finding.ts'

export interface CheckedFindings {
  /** what was checked: `platform`, `settings`, `types`, `topics`, `schemas`, `services` */
  readonly name: string
  readonly findings: readonly Finding[]
}

export interface Verdict {
  readonly findings: readonly Finding[]
  readonly checks: readonly { readonly name: string; readonly passed: boolean }[]
  readonly exit: ExitCode
}

/** A check fails by an error, and with `strict` by a warning. */
export function judge(checked: readonly CheckedFindings[], strict: boolean): Verdict {
  const counts = (finding: Finding): boolean =>
    finding.severity === 'error' || (strict && finding.severity === 'warning')
  const checks = checked.map(({ name, findings }) => ({ name, passed: !findings.some(counts) }))
  const findings = sortFindings(checked.flatMap((check) => check.findings))
  return { findings, checks, exit: checks.every((check) => check.passed) ? exitCode.ok : exitCode.changes }
}

export interface PublishedVerdict {
  readonly findings: readonly PublishedFinding[]
  readonly checks: Verdict['checks']
  readonly summary: { readonly passed: number; readonly failed: number }
}

/** The published JSON shape. */
export function publishVerdict({ findings, checks }: Verdict): PublishedVerdict {
  const passed = checks.filter((check) => check.passed).length
  return { findings: findings.map(publishFinding), checks, summary: { passed, failed: checks.length - passed } }
}
