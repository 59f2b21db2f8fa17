// Each scenario: what is done to instances under load, and what must hold of every event in the end.
import { brokerAway } from './away.ts'
import type { Runtime } from './brokers.ts'
import { failures } from './failing.ts'
import type { Outcome } from './outcome.ts'
import { health } from './health.ts'
import { kills, rolling, sigterm } from './restarts.ts'
import { busy, slow } from './slow.ts'
import { type World, openWorld } from './world.ts'

/** `size`: rounds, times, events or seconds, each as the scenario says. */
type Scenario = (world: World, size: number, perSecond: number) => Promise<Outcome>

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
}

export async function play(name: string, { size, perSecond, runtime }: PlayOptions): Promise<Outcome> {
  const scenario = scenarios[name]
  if (!scenario) throw new Error(`no scenario "${name}": there are ${Object.keys(scenarios).join(', ')}`)
  const world = await openWorld(runtime)
  try {
    return await scenario(world, size, perSecond)
  } finally {
    await world.close()
  }
}
