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
  'malformed-message': {
    exit: exitCode.failed,
    meaning: 'A message of the Kafka protocol, or a record, is not well-formed.',
  },
  'broker-too-old': {
    exit: exitCode.failed,
    meaning: 'The broker does not know a request, or a part of it, that is needed here.',
  },
  usage: { exit: exitCode.usage, meaning: 'The command line is not understood: an unknown command, option or value.' },
  'not-in-this-version': {
    exit: exitCode.usage,
    meaning: 'What was asked for exists in the design of evplat, but not in this version.',
  },
  'needs-terminal': {
    exit: exitCode.usage,
    meaning: 'A question has to be answered, and there is no terminal to ask on.',
  },
  'broker-unreachable': {
    exit: exitCode.unreachable,
    meaning: 'No broker of the cluster answers, or not in the protocol of Kafka.',
  },
  'tls-untrusted': { exit: exitCode.unreachable, meaning: 'The certificate of a server is not to be trusted.' },
  'not-authenticated': {
    exit: exitCode.unauthorised,
    meaning: 'The cluster refuses the user, the password or the mechanism.',
  },
  'not-authorised': { exit: exitCode.unauthorised, meaning: 'The user is known and may not do this.' },
  'broker-refused': {
    exit: exitCode.failed,
    meaning: 'The broker understood a request and does not do it; it says why.',
  },
  'topic-missing': { exit: exitCode.failed, meaning: 'The cluster has no topic of that name, or it may not be seen.' },
  'wrong-cluster': {
    exit: exitCode.blocked,
    meaning: 'The cluster that answers is not the one that platform.yaml names.',
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
