// `npm test`: sets the clone up with the test tools, checks the house, runs the tests. Says by name what this machine lacks.
// Arguments go to vitest; without any it runs what takes minutes, .ci/run the rest.
import { spawnSync } from 'node:child_process'
import { setUp } from './set-up.js'

setUp({ withTools: true })
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const checks = ['types', 'lint', 'format:check', 'dead-code']
let failed = false
for (const check of checks) {
  const { status, stdout, stderr } = spawnSync(npm, ['--silent', 'run', check], { encoding: 'utf8' })
  process.stdout.write(status === 0 ? `${check}: ok\n` : `${check}: FAILED\n${stdout}${stderr}`)
  failed ||= status !== 0
}
const given = process.argv.slice(2)
const projects = given.includes('--project')
  ? []
  : ['unit', 'program', 'java', 'tour'].flatMap((name) => ['--project', name])
const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...projects, ...given]
const { status } = spawnSync(process.execPath, vitest, { stdio: 'inherit' })
process.exitCode = failed || status !== 0 ? 1 : 0
