// Every error that evplat gives: its exit code, what it means, and what to do. docs/errors.md is generated from this list.
import { exitCode } from './exit-codes.ts'

interface ErrorKind {
  readonly exit: number
  /** one sentence, without names of the user's things */
  readonly meaning: string
}

function kinds<const T extends Readonly<Record<string, ErrorKind>>>(table: T): T {
  return table
}

export const errorKinds = kinds({
  usage: { exit: exitCode.usage, meaning: 'The command line is not understood: an unknown command, option or value.' },
  'not-in-this-version': {
    exit: exitCode.usage,
    meaning: 'What was asked for exists in the design of evplat, but not in this version.',
  },
  'needs-terminal': {
    exit: exitCode.usage,
    meaning: 'A question has to be answered, and there is no terminal to ask on.',
  },
  'platform-missing': { exit: exitCode.failed, meaning: 'There is no platform.yaml where it was looked for.' },
  'platform-unreadable': { exit: exitCode.failed, meaning: 'platform.yaml is there and cannot be read.' },
  'unknown-environment': {
    exit: exitCode.usage,
    meaning: 'The environment that was asked for is not declared in platform.yaml.',
  },
  interrupted: { exit: exitCode.interrupted, meaning: 'The work was stopped by Ctrl-C or SIGTERM.' },
})

export type ErrorCode = keyof typeof errorKinds
