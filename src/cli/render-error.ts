// The one place that turns an error into text or JSON for people and machines.
import { errorKinds } from '../core/error-codes.ts'
import { errorLines } from '../core/error-lines.ts'
import { EvplatError } from '../core/errors.ts'
import { fileError } from '../core/file-error.ts'
import { publishFinding } from '../core/finding.ts'
import { createStyle, type Style } from '../core/style.ts'
import { version } from '../core/version.ts'
import { withoutUserInfo } from '../core/user-info.ts'
import { inInvocationForm, invocationOf, wantsColour } from './invocation.ts'

/** What was thrown, as lines for stderr. A bug of ours shows its stack trace and says so. */
function errorText(thrown: unknown, style: Style, invocation: string): string {
  if (!(thrown instanceof EvplatError)) return bugText(thrown, style)
  // a url may have been typed in the place of anything
  return inInvocationForm(withoutUserInfo(errorLines(thrown, style).join('\n')), invocation) + '\n'
}

function bugText(thrown: unknown, style: Style): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return `${style.red('bug')}: this is a bug in evplat ${version}, please report it with these lines\n${stack}\n`
}

/** The same as the published JSON shape `{ error: { code, message, details?, hint? } }`. */
function errorJson(thrown: unknown, invocation: string): string {
  if (!(thrown instanceof EvplatError)) {
    const stack = thrown instanceof Error ? thrown.stack : String(thrown)
    return (
      JSON.stringify({ error: { code: 'bug', message: 'this is a bug in evplat', details: { version, stack } } }) + '\n'
    )
  }
  const { findings, at, said, saidBy = 'server', hint, details } = thrown.parts
  const facts = {
    ...details,
    ...(at && { file: at.file, line: at.line, column: at.column }),
    ...(said !== undefined && { [saidBy]: said }),
    ...(findings && { findings: findings.map(publishFinding) }),
  }
  const error = {
    code: thrown.code,
    message: thrown.message,
    ...(Object.keys(facts).length > 0 && { details: facts }),
    ...(hint !== undefined && { hint: inInvocationForm(hint, invocation) }),
  }
  return withoutUserInfo(JSON.stringify({ error })) + '\n'
}

/** The exit code that belongs to what was thrown. */
function exitCodeOf(thrown: unknown): number {
  return thrown instanceof EvplatError ? errorKinds[thrown.code].exit : 1
}

/**
 * Writes what was thrown to stderr, and returns the exit code that belongs to it. A file system may refuse anything at
 * any time: what nobody has put into better words before is told here, and is no bug.
 */
export function tellError(anything: unknown, asJson: boolean): number {
  const thrown = anything instanceof EvplatError ? anything : (fileError(anything) ?? anything)
  const { env, stderr, argv } = process
  const invocation = invocationOf(env, argv[1] ?? 'evplat')
  const style = createStyle(wantsColour(env, stderr.isTTY))
  stderr.write(asJson ? errorJson(thrown, invocation) : errorText(thrown, style, invocation))
  return exitCodeOf(thrown)
}
