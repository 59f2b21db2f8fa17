// docs/errors.md: exit codes, errors and findings.
import { errorKinds } from '../../src/core/error-codes.ts'
import { exitCode } from '../../src/core/exit-codes.ts'
import { findingKinds } from '../../src/core/finding-codes.ts'

const exitMeanings: Readonly<Record<keyof typeof exitCode, string>> = {
  ok: 'done, or no changes',
  failed: 'failed',
  changes: 'changes (`plan --detailed-exitcode`) or findings (`verify`)',
  blocked: 'blocked: unsafe, incompatible or protected',
  partial: 'partly applied',
  usage: 'the command line is wrong, or asks for what this version lacks',
  unreachable: 'the cluster or the registry is not reachable',
  unauthorised: 'not authenticated, or not authorised',
  interrupted: 'interrupted',
}

/** The whole page. */
export function errorsPage(): string {
  const exits = Object.entries(exitCode).map(
    ([name, code]) => `| ${code} | ${exitMeanings[name as keyof typeof exitCode]} |`,
  )
  const errors = Object.entries(errorKinds).map(([code, { exit, meaning }]) => `| \`${code}\` | ${exit} | ${meaning} |`)
  const findings = Object.entries(findingKinds).map(([code, { meaning }]) => `| \`${code}\` | ${meaning} |`)
  return (
    [
      '# Exit codes, errors and findings',
      '<!-- generated from src/core/error-codes.ts and src/core/finding-codes.ts by `npm run generate` -->',
      'Codes are a contract: one is added, never renamed. With `-o json` an error is `{ "error": { "code", "message", "details"?, "hint"? } }` on stderr.',
      '## Exit codes',
      ['| code | meaning |', '|---|---|', ...exits].join('\n'),
      '## Errors',
      'An error ends the command.',
      ['| code | exit | meaning |', '|---|---|---|', ...errors].join('\n'),
      '## Findings',
      'Findings are collected and told together: by `verify`, by `plan`, and when platform.yaml is not valid. Errors fail `verify` (exit 2); warnings do so with `--strict`.',
      ['| code | meaning |', '|---|---|', ...findings].join('\n'),
    ].join('\n\n') + '\n'
  )
}
