// Runs the whole gate and counts: see .ci/run.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bareNode } from './bare-path.js'
import { runReadme } from './readme.js'

const scratch = mkdtempSync(join(tmpdir(), 'evplat-ci-'))
const total = { passed: 0, failed: 0, skipped: 0 }

function run(command, args, more = {}) {
  process.stdout.write(`\n== ${command} ${args.join(' ')}\n`)
  const began = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, CI: 'true', ...more } })
  process.stdout.write(`== ${Math.round((performance.now() - began) / 1000)} s\n`)
  return status === 0
}

/** A step that counts as one test. */
function runStep(command, args, more) {
  total[run(command, args, more) ? 'passed' : 'failed'] += 1
}

/** A step that runs vitest; its report is counted, and one that failed without a failed test counts as one. */
function runTests(name, command, args, env) {
  const report = join(scratch, `${name}.json`)
  const ok = run(command, [...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], env)
  let failed = 0
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'))
    total.passed += numPassedTests
    total.skipped += numPendingTests + numTodoTests
    failed = numFailedTests
  } catch {
    process.stdout.write(`no report of ${name}\n`)
  }
  total.failed += ok ? failed : Math.max(1, failed)
}

/** Tools that tests need and npm does not have, from Debian's packages where this machine can install them. */
function installTools() {
  const lacking = ['kcat', 'tmux'].filter((tool) => spawnSync(tool, ['-V'], { stdio: 'ignore' }).error)
  if (lacking.length === 0) return
  const install = `apt-get install -y --no-install-recommends ${lacking.join(' ')} >/dev/null 2>&1`
  run('sh', ['-c', `${install} || (apt-get update >/dev/null 2>&1 && ${install}) || true`])
}

installTools()
// the fuzz of test/fuzz goes on for a minute here
runTests('test', 'npm', ['test', '--'], { EVPLAT_FUZZ_SECONDS: '60' })
runTests('longer', process.execPath, [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--project',
  'hostile',
  '--project',
  'foreign',
  '--project',
  'clients',
  '--project',
  'kafka',
  '--project',
  'docker',
])
runStep('npm', ['start'], { PATH: bareNode(join(scratch, 'path')) })
runStep(process.execPath, ['bin/evplat.js', 'verify', '--offline'])
const readme = await runReadme()
total.passed += readme.passed
total.failed += readme.failed

rmSync(scratch, { recursive: true, force: true })
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
process.exitCode = total.failed > 0 ? 1 : 0
