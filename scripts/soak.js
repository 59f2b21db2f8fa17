// `npm run soak -- [--size 1000] [--fuzz-seconds 600]`: the embedded broker is killed so many times under load, then fuzzed for so long.
// One line of each on stdout; ends with code 1 when either found anything.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { size: { type: 'string', default: '1000' }, 'fuzz-seconds': { type: 'string', default: '600' } },
})
const root = fileURLToPath(new URL('..', import.meta.url))
const seconds = values['fuzz-seconds']

/** What is not the closing line goes to stderr. */
function run(args, stdout, env = {}) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', stdout, 2],
    env: { ...process.env, ...env },
  })
  return status === 0
}

const survived = run(['scripts/long/crash.js', '--size', values.size], 1)
const seed = String(Date.now() % 2 ** 31)
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'test/fuzz']
const stood = run(vitest, 2, { EVPLAT_FUZZ_SECONDS: seconds, EVPLAT_FUZZ_SEED: seed })
process.stdout.write(`fuzz: ${stood ? 'nothing found' : 'FAILED'} with seed ${seed} in ${seconds} s\n`)
process.exitCode = survived && stood ? 0 : 1
