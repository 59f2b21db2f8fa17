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
  'port-taken': {
    exit: exitCode.failed,
    meaning: 'A server of the stack can not have its port: another process listens there, or the system keeps it.',
  },
  'registry-unreachable': {
    exit: exitCode.unreachable,
    meaning: 'The Schema Registry gives no answer: refused, unknown host, no trust in its certificate, or too late.',
  },
  'registry-unauthorised': {
    exit: exitCode.unauthorised,
    meaning: 'The Schema Registry wants other credentials, or the credentials may not do this.',
  },
  'registry-not-a-registry': {
    exit: exitCode.unreachable,
    meaning: 'Something answers at the address of the Schema Registry that is none.',
  },
  'registry-refused': {
    exit: exitCode.failed,
    meaning: 'The Schema Registry refused a request; its own words stand in the error.',
  },
  interrupted: { exit: exitCode.interrupted, meaning: 'The work was stopped by Ctrl-C or SIGTERM.' },
})

export type ErrorCode = keyof typeof errorKinds
