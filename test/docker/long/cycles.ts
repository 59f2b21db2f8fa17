// A stack goes up and down, again and again, its data kept or deleted with it: nothing is left over.
import type { Random } from '../../fuzz/random.ts'
import { type Report, type Spread, spreadOf } from './report.ts'
import type { Command, Subject } from './subject.ts'

export interface CycleFigures {
  readonly up: Spread
  readonly down: Spread
  /** so many of them with the data */
  readonly withVolumes: number
}

export async function playCycles(
  subject: Subject,
  { size, random, report }: { readonly size: number; readonly random: Random; readonly report: Report },
): Promise<CycleFigures> {
  const durations = { up: [] as number[], down: [] as number[] }
  let withVolumes = 0
  for (let cycle = 1; cycle <= size; cycle++) {
    const isDeleted = random.oneIn(2)
    if (isDeleted) withVolumes++
    const down: Command = isDeleted ? 'down --volumes --yes' : 'down'
    for (const command of ['up', down] as const) {
      const began = performance.now()
      const ended = await subject.run(command)
      durations[command === 'up' ? 'up' : 'down'].push(performance.now() - began)
      report.problem(`cycle ${cycle}`, await subject.problemsAfter(command, ended))
    }
    const [up, gone] = [durations.up, durations.down].map((all) => ((all.at(-1) ?? 0) / 1000).toFixed(1))
    report.say(`cycle ${cycle} of ${size}: up ${up} s, ${down} ${gone} s`)
  }
  report.problem('after all cycles', await subject.end())
  return { up: spreadOf(durations.up), down: spreadOf(durations.down), withVolumes }
}
