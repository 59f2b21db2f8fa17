/** Exit codes of every command. They are a published contract: see docs/errors.md. */
export const exitCode = {
  ok: 0,
  failed: 1,
  changes: 2,
  blocked: 3,
  partial: 4,
  usage: 64,
  unreachable: 69,
  unauthorised: 77,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
