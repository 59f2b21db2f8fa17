// Runs the whole gate and counts: see .ci/run.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const scratch = mkdtempSync(join(tmpdir(), 'evplat-ci-'))
const total = { passed: 0, failed: 0, skipped: 0 }

function runStep(command, args, env = {}) {
  process.stdout.write(`\n== ${command} ${args.join(' ')}\n`)
  return spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, CI: 'true', ...env } }).status === 0
}

/** Adds the counts of a vitest JSON report; a report that is not there is one failure. */
function addReport(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    total.passed += report.numPassedTests
    total.failed += report.numFailedTests + (report.numFailedTestSuites > 0 && report.numFailedTests === 0 ? 1 : 0)
    total.skipped += report.numPendingTests + (report.numTodoTests ?? 0)
    return report.success
  } catch {
    total.failed += 1
    return false
  }
}

const testReport = join(scratch, 'test.json')
const testOk = runStep('npm', [
  'test',
  '--',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${testReport}`,
])
if (!addReport(testReport) && total.failed === 0) total.failed += 1
if (!testOk && total.failed === 0) total.failed += 1

rmSync(scratch, { recursive: true, force: true })
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
process.exitCode = total.failed > 0 ? 1 : 0
