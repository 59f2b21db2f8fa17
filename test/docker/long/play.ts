// All of it on one engine that nobody else uses. Each part has a stack and a chance of its own, so that it can be played again alone.
import { randomOf } from '../../fuzz/random.ts'
import { removePlatforms } from '../../support/platforms.ts'
import type { LabEngine } from '../lab/lab.ts'
import { type CycleFigures, playCycles } from './cycles.ts'
import { type EngineKillFigures, playEngineKills } from './engine-kills.ts'
import { Killer } from './kill-moments.ts'
import { type KillFigures, playKills } from './kills.ts'
import { newReport } from './report.ts'
import { Subject, type SubjectOptions } from './subject.ts'

export interface Sizes {
  readonly cycles: number
  readonly kills: number
  readonly engineKills: number
}

export interface PlayOptions extends Sizes {
  readonly engine: LabEngine
  readonly seed: number
  /** what stands in `stack.kafka` */
  readonly kafka: string
  /** what else stands in `stack` */
  readonly more?: string
  readonly say: (message: string) => void
}

export interface Figures {
  readonly seed: number
  readonly seconds: number
  readonly cycles: CycleFigures
  readonly kills: KillFigures
  readonly engineKills: EngineKillFigures
  readonly problems: readonly string[]
}

/** The repository must be built. */
export async function playLong(options: PlayOptions): Promise<Figures> {
  const { engine, seed, kafka, more, say } = options
  const report = newReport(say)
  const began = performance.now()
  const killer = await Killer.at(engine.socket)
  const make = (project: string, host?: string): Promise<Subject> => {
    const given: SubjectOptions = { engine, project, kafka }
    return Subject.make({ ...given, ...(more !== undefined && { more }), ...(host !== undefined && { host }) })
  }
  try {
    const cycles = await playCycles(await make('long-cycles'), {
      size: options.cycles,
      random: randomOf(seed),
      report,
    })
    const kills = await playKills(await make('long-kills', killer.host), {
      size: options.kills,
      killer,
      random: randomOf(seed + 1),
      report,
    })
    const engineKills = await playEngineKills(await make('long-engine'), {
      size: options.engineKills,
      engine,
      random: randomOf(seed + 2),
      report,
    })
    const seconds = Math.round((performance.now() - began) / 1000)
    return { seed, seconds, cycles, kills, engineKills, problems: report.problems }
  } finally {
    await removePlatforms()
    await killer.close()
  }
}
