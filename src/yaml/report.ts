import type { FindingCode } from '../core/finding-codes.ts'
import type { Finding, Place, Severity } from '../core/finding.ts'

/** What there is to say about one place: the fact, and what to do about it. */
export interface Problem {
  readonly code: FindingCode
  /** undefined where the message names it: what stands in no file */
  readonly at?: Place
  readonly message: string
  readonly remedy: string
}

/** Collects what the loader finds, so that everything is told at once. */
export interface Report {
  readonly findings: readonly Finding[]
  error(problem: Problem): void
  warning(problem: Problem): void
}

/** An empty report. */
export function createReport(): Report {
  const findings: Finding[] = []
  const add = (severity: Severity, problem: Problem): void => {
    findings.push({ severity, ...problem })
  }
  return { findings, error: (problem) => add('error', problem), warning: (problem) => add('warning', problem) }
}
