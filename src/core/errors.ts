// The one error class for what a user can cause. Anything else that is thrown is a bug of ours and shows a stack trace.
import type { ErrorCode } from './error-codes.ts'
import type { Finding, Place } from './finding.ts'

/** What an error says beside its message. Every part is text for people; none is ever parsed. */
export interface ErrorParts {
  /** what to do next; a command stands in backticks and starts with `evplat` */
  readonly hint?: string
  /** where in platform.yaml or another file of the user's */
  readonly at?: Place
  /** what the server said, in its own words */
  readonly said?: string
  /** who said it, where it was no server: `java`, `maven` */
  readonly saidBy?: string
  /** several problems told at once, with their places */
  readonly findings?: readonly Finding[]
  /** facts for `-o json` */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** A problem that the user can act on: a code of the published list, a one-line fact, and what to do. */
export class EvplatError extends Error {
  readonly code: ErrorCode
  readonly parts: ErrorParts

  constructor(code: ErrorCode, message: string, parts: ErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause })
    this.name = 'EvplatError'
    this.code = code
    this.parts = parts
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** The `code` of a Node system error (ENOENT, ECONNREFUSED, ...), or '' where there is none. */
export function systemCode(thrown: unknown): string {
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') return thrown.code
  return ''
}
