// Random consumers against the coordinator, in virtual time. The specification is what must hold whatever they do; it is looked at
// after every move. GROUP_MODEL_RUNS sets the number of runs; a failure prints its seed and the moves.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SettlingJournal } from '../../../test/support/settling-journal.ts'
import { partitions, type Settings, SimulatedConsumer, type Told } from '../../../test/support/simulated-consumer.ts'
import { VirtualClock } from '../../../test/support/virtual-clock.ts'
import { createGroups, type Groups } from './groups.ts'

const runs = Number(process.env['GROUP_MODEL_RUNS'] ?? 100)
const sessionTimeoutMs = 6_000
const rebalanceTimeoutMs = 10_000

type Move =
  | { readonly do: 'step' | 'crash' | 'lose' | 'leave' | 'commit' | 'change' | 'busy'; readonly who: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'settle' | 'fail' | 'restart' }

const clients = fc.array(fc.record({ isStatic: fc.boolean(), needsKnownId: fc.boolean() }), {
  minLength: 1,
  maxLength: 4,
})
const who = fc.nat({ max: 3 })
const deed = (name: Exclude<Move['do'], 'wait' | 'settle' | 'fail' | 'restart'>) =>
  fc.record({ do: fc.constant(name), who })
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    { weight: 40, arbitrary: deed('step') },
    { weight: 4, arbitrary: deed('commit') },
    { weight: 2, arbitrary: deed('crash') },
    { weight: 2, arbitrary: deed('lose') },
    { weight: 1, arbitrary: deed('leave') },
    { weight: 2, arbitrary: deed('change') },
    { weight: 4, arbitrary: deed('busy') },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: 4_000 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: 30_000 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: 600_000 }) }) },
    { weight: 8, arbitrary: fc.constant({ do: 'settle' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'fail' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  ),
  { minLength: 20, maxLength: 150 },
)

class World {
  readonly clock = new VirtualClock(0)
  readonly journal = new SettlingJournal()
  readonly consumers: SimulatedConsumer[]
  groups: Groups
  private ids = 0
  private offset = 0n
  /** partition -> the last offset whose commit was acknowledged */
  private readonly acknowledged = new Map<number, bigint>()
  /** generation -> who was given what in it */
  private readonly told = new Map<number, Told[]>()

  constructor(settings: readonly Settings[]) {
    this.groups = this.open()
    this.consumers = settings.map((each) => new SimulatedConsumer(each, (told) => this.hear(told)))
  }

  private open(): Groups {
    const { clock, journal } = this
    // offsets must not expire here: that would be a way back
    const config = { 'offsets.retention.minutes': 1e9 }
    return createGroups({ clock, store: { journal: () => journal }, config, newId: () => `${++this.ids}` })
  }

  /** In one generation no partition has two owners, and everybody follows one protocol. */
  private hear(told: Told): void {
    const others = this.told.get(told.generation) ?? []
    for (const other of others) {
      expect(other.protocolName).toBe(told.protocolName)
      if (other.owner !== told.owner) expect(other.owned.filter((each) => told.owned.includes(each))).toEqual([])
    }
    this.told.set(told.generation, [...others, told])
  }

  make(move: Move): void {
    switch (move.do) {
      case 'wait':
        this.wait(move.ms)
        break
      case 'settle':
        this.journal.settle(true)
        break
      case 'fail':
        this.journal.settle(false)
        break
      case 'restart':
        this.restart()
        break
      default:
        this.act(move.do, this.consumers[move.who % this.consumers.length]!)
    }
    this.check()
  }

  private act(deed: string, consumer: SimulatedConsumer): void {
    const { groups, clock } = this
    if (deed === 'busy') consumer.isBusy = !consumer.isBusy
    if (deed === 'step' && !consumer.isBusy) consumer.step(groups, clock.now())
    if (deed === 'crash') consumer.crash()
    if (deed === 'lose') consumer.loseAnswer()
    if (deed === 'leave') consumer.leave(groups)
    if (deed === 'change') consumer.changeTaste()
    if (deed !== 'commit') return
    const offset = ++this.offset
    consumer.commit(groups, offset, (partition, error) => {
      const last = this.acknowledged.get(partition) ?? -1n
      if (error === 'NONE' && offset > last) this.acknowledged.set(partition, offset)
    })
  }

  /** In small pieces: what is written becomes durable soon, and no request may wait past its deadline in between. */
  private wait(ms: number): void {
    const piece = 2_000
    for (let left = ms; left > 0; left -= piece) {
      this.journal.settle(true)
      for (const consumer of this.consumers) consumer.stayAlive(this.groups)
      this.clock.advance(Math.min(piece, left))
      this.journal.settle(true)
      this.checkWaiting()
      this.check()
    }
  }

  /** The process is killed: writes that were not durable may be there or not, and nobody gets an answer. */
  private restart(): void {
    for (const consumer of this.consumers) consumer.loseAnswer()
    this.journal.crash()
    this.groups.close()
    this.groups = this.open()
  }

  private checkWaiting(): void {
    for (const { askedAt } of this.consumers)
      if (askedAt !== undefined) expect(this.clock.now() - askedAt).toBeLessThanOrEqual(rebalanceTimeoutMs + 2_000)
  }

  private check(): void {
    const { state, members } = this.groups.describe('g')
    expect(members.length > 0 || state === 'Empty' || state === 'Dead' || state === 'PreparingRebalance').toBe(true)
    if (state === 'Empty' || state === 'Dead') expect(members).toEqual([])
    if (state === 'Dead') {
      // beside the one that looks for expired offsets
      expect(this.clock.running).toBe(1)
      // the next group of that name counts its generations anew
      this.told.clear()
    }
    for (const [partition, offset] of this.acknowledged) expect(this.committed(partition) >= offset).toBe(true)
  }

  private committed(partition: number): bigint {
    const asked = { groupId: 'g', partitions: [{ topic: 't', partition }], requireStable: false }
    return this.groups.fetchOffsets(asked).offsets[0]!.offset
  }

  /** Left alone, the consumers come together: all of them in one stable generation, with each partition in one hand. */
  calm(): void {
    for (const consumer of this.consumers) consumer.isBusy = false
    for (let round = 0; round < 100; round++) {
      for (let i = 0; i < 2; i++) for (const consumer of this.consumers) consumer.step(this.groups, this.clock.now())
      this.journal.settle(true)
      this.check()
      if (this.isSettled()) return
      this.wait(1_000)
    }
    expect(this.groups.describe('g')).toBe('settled')
  }

  private isSettled(): boolean {
    const { state, members } = this.groups.describe('g')
    const owned = this.consumers.flatMap((consumer) => consumer.owned).toSorted((a, b) => a - b)
    return (
      state === 'Stable' &&
      members.length === this.consumers.length &&
      this.consumers.every(({ phase }) => phase === 'member') &&
      owned.join() === partitions.join() &&
      new Set(this.consumers.map(({ generation }) => generation)).size === 1
    )
  }
}

test(`whatever consumers do, the rules of a group hold (${runs} runs)`, { timeout: 600_000 }, () => {
  const property = fc.property(clients, moves, (each, list) => {
    const world = new World(
      each.map(({ isStatic, needsKnownId }, i) => ({
        name: `c${i}`,
        instanceId: isStatic ? `i${i}` : null,
        needsKnownId,
        sessionTimeoutMs,
        rebalanceTimeoutMs,
      })),
    )
    for (const move of list) world.make(move)
    world.calm()
    world.groups.close()
    expect(world.clock.running).toBe(0)
  })
  fc.assert(property, { numRuns: runs })
})
