import { EvplatError } from '../../src/core/errors.ts'

export interface Refusal {
  readonly code: string
  readonly message: string
  readonly said?: string | undefined
  readonly hint?: string | undefined
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/** The EvplatError that `work` ends with, as plain data; anything else is thrown on. */
export async function refusal(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work
  } catch (thrown) {
    if (!(thrown instanceof EvplatError)) throw thrown
    const { code, message, parts } = thrown
    return { code, message, said: parts.said, hint: parts.hint, details: parts.details }
  }
  throw new Error('it was not refused')
}
