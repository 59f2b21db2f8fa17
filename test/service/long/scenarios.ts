// Each scenario: what is done to instances under load, and what must hold of every event in the end.
import { type Random, randomOf } from '../../fuzz/random.ts'
import { brokerAway } from './away.ts'
import type { Runtime } from './brokers.ts'
import { failures } from './failing.ts'
import type { Outcome } from './outcome.ts'
import { health } from './health.ts'
import { kills, rolling, sigterm } from './restarts.ts'
import { busy, slow } from './slow.ts'
import { type World, openWorld } from './world.ts'

/** `size`: rounds, times, events or seconds, each as the scenario says. */
type Scenario = (world: World, size: number, perSecond: number, random: Random) => Promise<Outcome>

export const scenarios: Readonly<Record<string, Scenario>> = {
  sigterm,
  failures,
  rolling,
  kills,
  'broker-away': brokerAway,
  slow,
  busy,
  health,
}

export interface PlayOptions {
  readonly size: number
  readonly perSecond: number
  readonly runtime: Runtime
  /** of what is left to chance; that of the environment (EVPLAT_SERVICES_SEED), or a new one, left out */
  readonly seed?: number
}

export interface Played extends Outcome {
  readonly seed: number
}

const newSeed = (): number => Number(process.env['EVPLAT_SERVICES_SEED'] ?? Date.now() % 2 ** 31)

/** What ends a scenario early (a service that does not start, a broker that does not come back) is a problem like any other. */
export async function play(name: string, { size, perSecond, runtime, seed = newSeed() }: PlayOptions): Promise<Played> {
  const scenario = scenarios[name]
  if (!scenario) throw new Error(`no scenario "${name}": there are ${Object.keys(scenarios).join(', ')}`)
  try {
    const world = await openWorld(runtime)
    try {
      return { seed, ...(await scenario(world, size, perSecond, randomOf(seed))) }
    } finally {
      await world.close()
    }
  } catch (thrown) {
    return {
      seed,
      figures: {},
      problems: [thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)],
    }
  }
}
