import { spawnSync } from 'node:child_process'

/** Why this machine can't run the native runtime, or undefined when it can: shown in the names of the tests that are skipped. */
export function missingForNative(): string | undefined {
  const has = (program: string, flag: string): boolean => spawnSync(program, [flag], { stdio: 'ignore' }).status === 0
  if (!has('java', '-version')) return 'java is not installed'
  if (process.env['KAFKA_HOME'] === undefined && !has('mvn', '--version'))
    return 'maven is not installed, and KAFKA_HOME is not set'
  return undefined
}

/** ` (skipped: REASON)` for the name of a test, or nothing. */
export function skipNote(reason: string | undefined): string {
  return reason === undefined ? '' : ` (skipped: ${reason})`
}
