// What the delete commands share: a preview, a question that wants the name, and an outcome for each.
import type { ErrorCode } from '../core/error-codes.ts'
import { EvplatError } from '../core/errors.ts'
import { type ExitCode, exitCode } from '../core/exit-codes.ts'
import type { Platform } from '../platform/platform.ts'
import type { Context, Outcome } from './context.ts'

/** A policy may forbid deletes in the chosen environment. Throws `protected` then. */
export function refuseByPolicy(platform: Platform | undefined): void {
  const policy = platform?.policies.find(({ rule, severity }) => rule === 'no-deletes' && severity === 'error')
  if (!policy) return
  throw new EvplatError('protected', `the policy no-deletes forbids deleting in ${platform!.environment.name}`, {
    at: policy.at,
    hint: 'change the policy there, if deleting is meant',
  })
}

export interface Deletion {
  readonly name: string
  readonly error?: { readonly code: ErrorCode; readonly message: string }
}

/** Shows what will be lost and asks for the name (for several: for their number). Throws `interrupted` when it is not given. */
export async function confirmDeletion(
  names: readonly string[],
  preview: readonly string[],
  yes: boolean,
  context: Context,
): Promise<void> {
  if (yes) return
  if (!context.isTerminal.stdin || !context.isTerminal.stderr)
    throw new EvplatError('needs-terminal', 'deleting has to be confirmed, and there is no terminal', {
      hint: 'confirm beforehand with `--yes`',
    })
  for (const line of preview) context.say(line)
  const one = names.length === 1
  if (
    await context.confirm(
      one ? 'This can not be undone. Delete it?' : `This can not be undone. Delete all ${names.length}?`,
      one ? names[0] : String(names.length),
    )
  )
    return
  throw new EvplatError('interrupted', 'not confirmed, nothing was deleted')
}

function exitOf(deletions: readonly Deletion[]): ExitCode {
  const errors = deletions.flatMap(({ error }) => error ?? [])
  if (errors.length === 0) return exitCode.ok
  if (errors.length < deletions.length) return exitCode.partial
  return errors.every(({ code }) => code === 'not-authorised') ? exitCode.unauthorised : exitCode.failed
}

/** The outcome of deletions: done, partly done, failed or not authorised. */
export function deletionOutcome(kind: 'topic' | 'subject', deletions: readonly Deletion[]): Outcome {
  const results = deletions.map(({ name, error }) => ({
    kind,
    name,
    outcome: error === undefined ? 'done' : 'failed',
    ...(error !== undefined && { error: error.message }),
  }))
  return {
    value: { results },
    text: (style) =>
      results
        .map(({ name, outcome, error }) =>
          outcome === 'done' ? `deleted ${kind} ${name}\n` : `${style.red('failed')} ${kind} ${name}: ${error}\n`,
        )
        .join(''),
    exit: exitOf(deletions),
  }
}
