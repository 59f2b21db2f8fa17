// What verify, a policy, the loader of platform.yaml or a plan has to say about one place.
import type { FindingCode } from './finding-codes.ts'

export type Severity = 'error' | 'warning' | 'info'

/** A place in a text file. Lines and columns count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  /** number of characters that the caret underlines; at least 1 */
  readonly length?: number
  /** the text of the line, for the caret */
  readonly text?: string
}

export interface Finding {
  readonly severity: Severity
  readonly code: FindingCode
  readonly message: string
  readonly at?: Place
  readonly remedy?: string
}

/** The published JSON shape of a finding. */
export interface PublishedFinding {
  readonly severity: Severity
  readonly code: string
  readonly message: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly remedy?: string
}

/** A finding in its published JSON shape: the place flattened, the source text left out. */
export function publishFinding(finding: Finding): PublishedFinding {
  const { severity, code, message, at, remedy } = finding
  return {
    severity,
    code,
    message,
    ...(at && { file: at.file, line: at.line, column: at.column }),
    ...(remedy !== undefined && { remedy }),
  }
}

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

function comparePlaces(a: Place | undefined, b: Place | undefined): number {
  if (!a || !b) return Number(Boolean(b)) - Number(Boolean(a))
  return a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column
}

/** Findings by file and place, and errors first within a place: the order in which they are told. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => comparePlaces(a.at, b.at) || order[a.severity] - order[b.severity])
}
