// One event that takes its time.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Outcome, outcome } from './outcome.ts'
import type { Instance } from './instances.ts'
import type { World } from './world.ts'

/** the event that is slow, the key that it shares, and the rate at which none of the partitions reaches the gap in 90 s */
const slowOne = 100
const keyOf = (n: number): string => `k${n % 50}`
const calm = 50

/** One event takes `size` seconds, longer than the session: all keys but its own go on, and nobody leaves the group. */
export async function slow(world: World, size: number): Promise<Outcome> {
  const env = { SLOW_N: `${slowOne}`, SLOW_MS: `${size * 1000}`, LISTENER_GAP: '2000' }
  const instances = [await world.start(env), await world.start(env)]
  await sleep(2000)
  const before = await rebalances(instances)
  const load = world.load({ perSecond: calm })
  await sleep(Math.max(1, size - 3) * 1000 + (slowOne / calm) * 1000)
  const sent = await load.stop()
  await sleep(1000)
  const handled = new Set(world.journals().map(({ n }) => n))
  const waiting = sent.filter((n) => !handled.has(n))
  const held = waiting.filter((n) => keyOf(n) !== keyOf(slowOne))
  const problems = [
    ...(handled.has(slowOne) ? ['the slow event was not slow'] : []),
    ...(held.length > 0 ? [`${held.length} events of other keys waited: ${held.slice(0, 10).join(' ')}`] : []),
  ]
  const audit = await world.audit(sent)
  const after = await rebalances(instances)
  if (after !== before) problems.push(`partitions came or went:\n${before}\n${after}`)
  return outcome(audit, 0, { waited: waiting.length }, problems)
}

/** What all instances count of partitions that came or went. */
async function rebalances(instances: readonly Instance[]): Promise<string> {
  const pages = await Promise.all(instances.map(async ({ url }) => (await fetch(`${url}/actuator/prometheus`)).text()))
  return pages
    .flatMap((page, i) =>
      page
        .split('\n')
        .filter((line) => line.startsWith('evplat_consumer_rebalances_total'))
        .map((line) => `${i}: ${line}`),
    )
    .join('\n')
}
