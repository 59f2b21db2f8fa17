// The engine is killed, while all is quiet or in the middle of an `up`: started again, `up` has the records of before.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../fuzz/random.ts'
import { killDaemon, startDaemon } from '../lab/daemon.ts'
import type { LabEngine } from '../lab/lab.ts'
import type { Report } from './report.ts'
import type { Subject } from './subject.ts'

export interface EngineKillFigures {
  readonly atRest: number
  readonly duringUp: number
  /** so often `up` had all the records afterwards */
  readonly recovered: number
}

export interface EngineKillOptions {
  readonly size: number
  readonly engine: LabEngine
  readonly random: Random
  readonly report: Report
}

export async function playEngineKills(subject: Subject, options: EngineKillOptions): Promise<EngineKillFigures> {
  const { size, engine, random, report } = options
  let [atRest, duringUp, recovered] = [0, 0, 0]
  if (size === 0) return { atRest, duringUp, recovered }
  const began = performance.now()
  report.problem('before all kills of the engine', await subject.bring('up'))
  const upMs = performance.now() - began
  for (let kill = 1; kill <= size; kill++) {
    // the first one at rest: a short run shows that, too
    const isWorking = random.oneIn(2) && kill > 1
    if (isWorking) {
      report.problem(`before kill ${kill} of the engine`, await subject.bring('down'))
      const running = subject.platform.start('up')
      await sleep(random.below(Math.ceil(upMs)))
      await killDaemon(engine)
      const { code, stderr } = await running.ended
      if (code !== 0 && code !== 69) report.problem(`kill ${kill} of the engine`, [`up ended with ${code}:\n${stderr}`])
      // it may have come to its end before
      if (code === 0) atRest++
      else duringUp++
    } else {
      await killDaemon(engine)
      atRest++
    }
    await startDaemon(engine)
    const problems = await subject.bring('up')
    const where = `kill ${kill} of ${size} of the engine ${isWorking ? 'in the middle of up' : 'at rest'}`
    report.problem(where, problems)
    if (problems.length === 0) recovered++
    report.say(`${where}: ${problems.length === 0 ? 'the records are there' : 'not as it was'}`)
  }
  report.problem('after all kills of the engine', await subject.end())
  return { atRest, duringUp, recovered }
}
