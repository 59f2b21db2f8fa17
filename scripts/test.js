// `npm test`: sets the clone up with the test tools, checks the house, runs the tests. Says by name what this machine lacks.
import { spawnSync } from 'node:child_process'
import { setUp } from './set-up.js'

setUp({ withTools: true })
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const steps = [
  ['types', 'run', 'types'],
  ['lint', 'run', 'lint'],
  ['format', 'run', 'format:check'],
  ['dead code', 'run', 'dead-code'],
]
let failed = false
for (const [title, ...args] of steps) {
  const { status, stdout, stderr } = spawnSync(npm, ['--silent', ...args], { encoding: 'utf8' })
  if (status === 0) process.stdout.write(`${title}: ok\n`)
  else {
    failed = true
    process.stdout.write(`${title}: FAILED\n${stdout}${stderr}`)
  }
}
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
process.exitCode = failed || status !== 0 ? 1 : 0
