// evplat is killed in the middle of its work: the next command brings the stack to where that one wants it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../fuzz/random.ts'
import { type Killer, type Timeline, momentIn } from './kill-moments.ts'
import type { Report } from './report.ts'
import type { Command, Subject } from './subject.ts'

export interface KillFigures {
  /** so many were killed in the middle of each command */
  readonly killed: Readonly<Record<Command, number>>
  /** so often the next command did all that it is for */
  readonly converged: number
  /** the command was over before its moment came; it is tried again */
  readonly tooLate: number
}

export interface KillOptions {
  readonly size: number
  readonly killer: Killer
  readonly random: Random
  readonly report: Report
}

const downs: readonly Command[] = ['down', 'down --volumes --yes']

/** what is stopping when `up` has ended would have ended by then */
const settleMs = 3000

export async function playKills(subject: Subject, options: KillOptions): Promise<KillFigures> {
  const { size, killer, random, report } = options
  const killed: Record<Command, number> = { up: 0, down: 0, 'down --volumes --yes': 0 }
  let [converged, tooLate] = [0, 0]
  const timelines = await measureAll(subject, killer, report)
  const count = (): number => killed.up + killed.down + killed['down --volumes --yes']
  while (count() < size && tooLate <= size) {
    const victim = random.pick<Command>(['up', 'up', ...downs])
    const next = random.pick<Command>(['up', 'up', ...downs])
    const moment = momentIn(timelines[victim], random)
    const before = victim === 'up' ? random.pick(downs) : 'up'
    const prepared = await bringToStay(subject, before)
    report.problem(`before kill ${count() + 1}`, prepared)
    const { ended, at } = await killer.cut(subject, victim, moment, timelines[victim])
    if (at === undefined) {
      tooLate++
      report.problem(`${victim} that was over before its kill`, await subject.problemsAfter(victim, ended))
      continue
    }
    killed[victim]++
    const where = `kill ${count()} of ${size}: ${victim} killed ${at}; ${next}`
    const problems = await bringToStay(subject, next)
    report.problem(where, problems)
    if (problems.length === 0) converged++
    report.say(`${where}: ${problems.length === 0 ? 'converged' : 'did not converge'}`)
  }
  if (count() < size) report.problem('kills', [`${count()} of ${size}: the others were too late`])
  report.problem('after all kills', await subject.end())
  return { killed, converged, tooLate }
}

/** How each command goes where nobody disturbs it. */
async function measureAll(subject: Subject, killer: Killer, report: Report): Promise<Record<Command, Timeline>> {
  const timelines: Partial<Record<Command, Timeline>> = {}
  for (const command of ['up', 'down', 'up', 'down --volumes --yes'] as const) {
    const { ended, timeline } = await killer.measure(subject, command)
    report.problem('before all kills', await subject.problemsAfter(command, ended))
    timelines[command] = timeline
  }
  return timelines as Record<Command, Timeline>
}

/** Runs a command, and looks twice at what is up. */
async function bringToStay(subject: Subject, command: Command): Promise<string[]> {
  const ended = await subject.run(command)
  const problems = await subject.problemsAfter(command, ended)
  if (command !== 'up' || problems.length > 0) return problems
  await sleep(settleMs)
  return subject.problemsAfter(command, ended)
}
