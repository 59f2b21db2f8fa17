// Servers and members that are gone for a while, and come back.
import { setTimeout as sleep } from 'node:timers/promises'
import { window } from './contract.ts'
import { untilReady, untilTold } from './instances.ts'
import { type Outcome, exited, outcome } from './outcome.ts'
import { startPosts } from './posts.ts'
import type { World } from './world.ts'

/**
 * The broker is gone for `size` seconds, under load, and back on the same port with the same data; the instances go on. What is posted
 * meanwhile is refused with 503 and Retry-After, and readiness says no.
 */
export async function brokerAway(world: World, size: number, perSecond: number): Promise<Outcome> {
  const instances = [await world.start(), await world.start()]
  const posts = startPosts(instances[0]!)
  const load = world.load({ perSecond })
  await sleep(2000)
  await world.broker.away()
  const gone = Date.now()
  const told = await Promise.all(instances.map((instance) => untilTold(instance, 'kafka')))
  await sleep(Math.max(0, size * 1000 - (Date.now() - gone)))
  await world.broker.back()
  const back = Date.now()
  await Promise.all(instances.map((instance) => untilReady(instance, 30_000)))
  const readyMs = Date.now() - back
  await sleep(2000)
  const { accepted, refused, strange } = await posts.stop()
  const audit = await world.audit([...(await load.stop()), ...accepted])
  const figures = { awayMs: back - gone, readyMs, accepted: accepted.length, refused }
  return outcome(audit, window, figures, [
    ...told.flat(),
    ...strange,
    ...(refused === 0 ? ['nothing that was posted while the broker was away was refused'] : []),
    ...exited(instances),
  ])
}
