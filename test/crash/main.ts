// `npm run long:crash -- --size N [--seed S]`: N lives of the embedded broker that end by `kill -9` under load, for the most part. Prints
// what was done in one line. Ends with code 1, the problems and the folder of the data when anything was lost, doubled or changed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runCrashes } from './crash-run.ts'
import { tell } from './tell.ts'

const { values } = parseArgs({ options: { size: { type: 'string', default: '50' }, seed: { type: 'string' } } })
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const cycles = Number(values.size)
const data = mkdtempSync(join(tmpdir(), 'evplat-crash-'))
process.stderr.write(`crash: seed ${seed}, data in ${data}\n`)
const result = await runCrashes({
  data,
  cycles,
  seed,
  onCycle: (cycle) => {
    if (cycle % 10 === 0) process.stderr.write(`cycle ${cycle} of ${cycles}\n`)
  },
})
process.stdout.write(`${tell(result, seed)}\n`)
for (const problem of result.problems.slice(0, 20)) process.stdout.write(`${problem}\n`)
if (result.problems.length > 0) process.stdout.write(`the data is left in ${data}\n`)
else rmSync(data, { recursive: true, force: true })
process.exitCode = result.problems.length > 0 ? 1 : 0
