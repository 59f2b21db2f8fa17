// The long run of `npm run long:docker`, for a short while: nothing is left over, what was killed converges, no record is lost.
// `EVPLAT_DOCKER_SEED=N` plays again what a run that printed N has played. It kills its engine, so it has one of its own.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { skipNote } from '../support/native-runtime.ts'
import { type Lab, startLab } from './lab/lab.ts'
import { missingLab } from './lab-platform.ts'
import { playLong } from './long/play.ts'

const missing = missingLab()
const seed = Number(process.env['EVPLAT_DOCKER_SEED'] ?? Date.now() % 2 ** 31)
const sizes = { cycles: 3, kills: 4, engineKills: 1 }
const say = (message: string): void => void process.stdout.write(`docker: ${message}\n`)

// its images are made when it is the first one in its place
const patienceMs = 900_000

describe.skipIf(missing !== undefined)(`a stack in containers, again and again${skipNote(missing)}`, () => {
  let lab: Lab
  beforeAll(async () => {
    const started = await startLab(say)
    if ('missing' in started) throw new Error(started.missing)
    lab = started
  }, patienceMs)
  afterAll(() => lab?.stop())

  test(
    'goes up and down, whatever is killed',
    async () => {
      say(`EVPLAT_DOCKER_SEED=${seed}`)
      const kafka = 'version: "3.9", coordination: kraft'
      const figures = await playLong({ ...sizes, engine: lab.engine, seed, kafka, more: 'registry: evplat', say })
      say(JSON.stringify(figures))
      expect(figures.problems).toEqual([])
      expect([figures.cycles.up.times, figures.cycles.down.times]).toEqual([sizes.cycles, sizes.cycles])
      expect(figures.kills.converged).toBe(sizes.kills)
      expect(figures.engineKills.recovered).toBe(sizes.engineKills)
    },
    patienceMs,
  )
})
