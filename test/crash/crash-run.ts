// Kills the embedded broker again and again while many clients work with it, and looks at what is left.
import { setTimeout as sleep } from 'node:timers/promises'
import { joinGroup } from '../../src/protocol/messages/join-group.ts'
import type { Wire } from '../differential/wire.ts'
import { type Random, randomOf } from '../fuzz/random.ts'
import { Auditor } from './audit.ts'
import { newPlace, type Place } from './broker-process.ts'
import { Commits } from './commits.ts'
import { Ledger } from './ledger.ts'
import { type End, Lives } from './lives.ts'
import { Member } from './member.ts'
import { LoadProducer } from './producer.ts'
import { Lost } from './read-partition.ts'
import { groupId, type Run } from './run.ts'
import { ask, dialUntil } from './session.ts'
import { historiesOf, prepare } from './set-up.ts'

export interface CrashOptions {
  /** an empty folder for the broker's data */
  readonly data: string
  readonly cycles: number
  readonly seed: number
  readonly onCycle?: (cycle: number) => void
}

export interface CrashResult {
  readonly problems: readonly string[]
  /** what was done and seen, by name */
  readonly counts: ReadonlyMap<string, number>
}

const ends: readonly End[] = [
  ...Array.from({ length: 14 }, () => 'under load' as const),
  'while it starts',
  'while it starts',
  'while it stops',
  'cleanly',
]

/** of a producer by its number */
const isIdempotent = (producer: number): boolean => producer % 2 === 0

const textOf = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)

function newRun({ seed }: CrashOptions, { ports }: Place, problems: string[], counts: Map<string, number>): Run {
  const report = (problem: string): void => void problems.push(problem)
  // half a day back, so that no serial is a time that is yet to come
  const ledger = new Ledger(Date.now() - 43_200_000)
  const histories = historiesOf(ledger, report)
  return {
    port: ports.kafka,
    random: randomOf(seed + 1),
    ledger,
    histories,
    commits: new Map(histories.map((history) => [history, new Commits()])),
    report,
    count: (what, more = 1) => void counts.set(what, (counts.get(what) ?? 0) + more),
    most: (what, value) => void counts.set(what, Math.max(value, counts.get(what) ?? 0)),
    producerIds: new Set(),
    compacted: new Map(),
    isOver: false,
  }
}

class CrashRun {
  private readonly options: CrashOptions
  private readonly random: Random
  private readonly run: Run
  private readonly lives: Lives
  private readonly auditor: Auditor
  private readonly problems: string[] = []
  private readonly counts = new Map<string, number>()

  constructor(options: CrashOptions, place: Place) {
    this.options = options
    this.random = randomOf(options.seed)
    this.run = newRun(options, place, this.problems, this.counts)
    this.lives = new Lives(place, this.random, this.run)
    this.auditor = new Auditor(this.run, isIdempotent)
  }

  async work(): Promise<CrashResult> {
    const { problems, counts, run, lives } = this
    try {
      await this.underLoad()
      if (problems.length === 0) await this.finish()
    } catch (thrown) {
      problems.push(textOf(thrown))
    }
    run.isOver = true
    await lives.kill()
    this.sumUp()
    return { problems, counts }
  }

  /** All cycles; then the clients bring to an end what they have begun. */
  private async underLoad(): Promise<void> {
    const { run, lives, problems } = this
    await lives.begin()
    await this.withWire(prepare)
    const clients = this.startClients()
    for (let cycle = 1; cycle <= this.options.cycles && problems.length === 0; cycle++) {
      await this.cycle()
      this.options.onCycle?.(cycle)
    }
    run.isOver = true
    await lives.begin()
    await clients
  }

  private startClients(): Promise<unknown> {
    const { run } = this
    const producers = run.histories.flatMap((history, at) =>
      [at * 2, at * 2 + 1].map((id) => new LoadProducer(run, { id, history, isIdempotent: isIdempotent(id) })),
    )
    const clients = [...producers, new Member(run, 'ann'), new Member(run, 'bob')]
    const tell = (thrown: unknown): void => run.report(textOf(thrown))
    return Promise.all(clients.map((client) => client.work().catch(tell)))
  }

  /** One life of the broker: most are long enough for an audit beside the load, some wait for it. */
  private async cycle(): Promise<void> {
    const { random, run, lives } = this
    const end = lives.isAlive ? 'under load' : random.pick(ends)
    if (end === 'while it starts') await lives.dieWhileStarting()
    else {
      await lives.begin()
      const audit = this.audit()
      if (random.oneIn(4)) await audit
      await sleep(random.oneIn(8) ? random.below(60) : 200 + random.below(400))
      await lives.end(end)
      await audit
    }
    run.count(`ended ${end}`)
  }

  /** What came since the last time; the broker may be killed meanwhile. */
  private async audit(): Promise<void> {
    try {
      await this.look({ atAll: false })
      this.run.count('audits')
    } catch (thrown) {
      if (!(thrown instanceof Lost)) this.run.report(textOf(thrown))
    }
  }

  private look(options: { readonly atAll: boolean }): Promise<void> {
    return this.withWire((wire) => this.auditor.look(wire, options))
  }

  /** With nobody else at work, everything is looked at: as it is, after a clean stop, and after a last crash. */
  private async finish(): Promise<void> {
    const { lives } = this
    await this.look({ atAll: true })
    await this.withWire((wire) => this.joinAnew(wire))
    await lives.stop()
    await lives.begin()
    await this.look({ atAll: true })
    await lives.kill()
    await lives.begin()
    await this.look({ atAll: true })
  }

  /** A new member is taken in when those of before have not come back. */
  private async joinAnew(wire: Wire): Promise<void> {
    const joined = await ask(wire, [joinGroup, 3], {
      groupId,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 3000,
      memberId: '',
      protocolType: 'crash',
      protocols: [{ name: 'share', metadata: Buffer.alloc(0) }],
    })
    if (joined?.errorCode !== 0) this.run.report(`the group takes no new member: error ${joined?.errorCode}`)
  }

  private async withWire<T>(work: (wire: Wire) => Promise<T>): Promise<T> {
    const wire = await dialUntil(this.run.port, 'audit', () => !this.lives.isAlive)
    if (!wire) throw new Lost()
    return work(wire).finally(() => wire.close())
  }

  private sumUp(): void {
    const { run, counts } = this
    const gone = [...run.compacted.values()].reduce((sum, each) => sum + each, 0)
    counts.set('records compacted away', gone)
    counts.set('records that retention took', run.histories.find(({ loses }) => loses === 'the oldest')!.start)
  }
}

/** Runs so many lives of the broker, fewer when a problem is found. The repository must be built. */
export async function runCrashes(options: CrashOptions): Promise<CrashResult> {
  return new CrashRun(options, await newPlace(options.data)).work()
}
