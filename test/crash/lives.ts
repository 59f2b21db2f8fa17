// The lives of one broker: it starts on the data of the last, says what it found there, and ends in one of four ways.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../fuzz/random.ts'
import { type BrokerProcess, type Place, startProcess } from './broker-process.ts'
import type { Run } from './run.ts'
import { segmentBytes } from './set-up.ts'
import { tearFile } from './tear.ts'

export type End = 'under load' | 'while it starts' | 'while it stops' | 'cleanly'

const partitions = 8
/** A start reads again what was not known to be safe: the last segment of each partition, and few that wait for their turn. */
const mostReadBytes = 4 * segmentBytes * partitions

export class Lives {
  private readonly place: Place
  private readonly random: Random
  private readonly run: Run
  private process: BrokerProcess | undefined
  /** the file whose end was torn after the last life; who died while starting may have mended it, and told nobody */
  private torn: { readonly path: string; readonly isSure: boolean } | undefined

  constructor(place: Place, random: Random, run: Run) {
    this.place = place
    this.random = random
    this.run = run
  }

  get isAlive(): boolean {
    return this.process !== undefined
  }

  /** Starts it where it is not alive, and waits until it serves. Rejects when it ends before that. */
  async begin(): Promise<void> {
    this.process ??= startProcess(this.place)
    await this.process.ready
    this.run.count('starts')
    this.lookAtLines(this.process.lines)
  }

  /** Starts it, and kills it before it serves, or little later. */
  async dieWhileStarting(): Promise<void> {
    this.process = startProcess(this.place)
    await sleep(this.random.below(250))
    await this.kill()
    if (this.torn) this.torn = { ...this.torn, isSure: false }
  }

  async end(how: Exclude<End, 'while it starts'>): Promise<void> {
    if (how === 'cleanly') return this.stop()
    if (how === 'while it stops') {
      this.process!.signal('SIGTERM')
      await sleep(this.random.below(30))
      return this.kill()
    }
    await this.kill()
    if (!this.random.oneIn(3)) return
    this.torn = { path: tearFile(this.place.data, this.random), isSure: true }
    this.run.count('files torn')
  }

  async kill(): Promise<void> {
    this.process?.signal('SIGKILL')
    await this.process?.ended
    this.process = undefined
  }

  async stop(): Promise<void> {
    this.process!.signal('SIGTERM')
    const { ended, lines } = this.process!
    const code = await ended
    if (code !== 0) this.run.report(`SIGTERM ended the broker with ${code}:\n${lines.join('\n')}`)
    this.process = undefined
  }

  /** What it says of its recovery: what was torn, and nothing else, was cut out, and the work was little. */
  private lookAtLines(lines: readonly string[]): void {
    const { run, torn } = this
    const [, read, cut] = /(\d+) bytes read, (\d+) bytes cut/.exec(lines.join('\n')) ?? []
    if (read !== undefined) run.count('recoveries')
    run.count('bytes cut', Number(cut ?? 0))
    run.most('bytes read by a start at most', Number(read ?? 0))
    if (Number(read ?? 0) > mostReadBytes) run.report(`a start read ${read} bytes again`)
    const isOfTear = (line: string): boolean => torn !== undefined && line.includes(torn.path)
    const warnings = lines.filter((line) => / (?:WARN|ERROR) /.test(line))
    for (const line of warnings.filter((each) => !isOfTear(each))) {
      // a kill may come in the middle of a write
      if (/: a (?:batch that|record) is not whole$/.test(line)) run.count('files torn by the kill itself')
      else run.report(`nothing was torn there, but the broker says:\n${line}`)
    }
    if (torn?.isSure === true && !warnings.some(isOfTear))
      run.report(`nothing is told of what was torn in ${torn.path}`)
    this.torn = undefined
  }
}
