// One event that takes its time, alone or with the whole event loop.
import { setTimeout as sleep } from 'node:timers/promises'
import { waitFor } from '../../../src/core/deadline.ts'
import type { Settled } from './group.ts'
import type { Instance } from './instances.ts'
import { type Outcome, outcome } from './outcome.ts'
import type { World } from './world.ts'

/** the event that is slow, and the key that it shares */
const slowOne = 100
const keyOf = (n: number): string => `k${n % 50}`

/** One event takes `size` seconds, longer than the session: all keys but its own go on, and there is no rebalance. The gap is one that none of the partitions reaches meanwhile. */
export async function slow(world: World, size: number, perSecond: number): Promise<Outcome> {
  const env = { SLOW_N: `${slowOne}`, SLOW_MS: `${size * 1000}`, LISTENER_GAP: `${perSecond * (size + 10)}` }
  const instances = [await world.start(env), await world.start(env)]
  const before = await world.group(instances.length)
  const load = world.load({ perSecond })
  await sleep(Math.max(1, size - 3) * 1000 + (slowOne / perSecond) * 1000)
  const sent = await load.stop()
  await sleep(1000)
  const handled = new Set(world.journals().map(({ n }) => n))
  const waiting = sent.filter((n) => !handled.has(n))
  const held = waiting.filter((n) => keyOf(n) !== keyOf(slowOne))
  const audit = await world.audit(sent)
  const after = await world.group(instances.length)
  return outcome(audit, 0, { waited: waiting.length, generations: [before.generation, after.generation] }, [
    ...(handled.has(slowOne) ? ['the slow event was not slow'] : []),
    ...(held.length > 0 ? [`${held.length} events of other keys waited: ${held.slice(0, 10).join(' ')}`] : []),
    ...rebalanced(before, after),
  ])
}

/** One event computes for `size` seconds, longer than a heartbeat may be late: metric and log tell it, and there is no rebalance. */
export async function busy(world: World, size: number, perSecond: number): Promise<Outcome> {
  const env = { BUSY_N: `${slowOne}`, BUSY_MS: `${size * 1000}`, LISTENER_SESSION: `${Math.max(6, size + 4)}s` }
  const instances = [await world.start(env), await world.start(env)]
  const before = await world.group(instances.length)
  const load = world.load({ perSecond })
  const isTold = (each: Instance): boolean => stoodStill(each).some((ms) => ms >= size * 990)
  // at once, or within the minute where an instance was late before
  const told = await waitFor(() => Promise.resolve(instances.find(isTold)), { timeoutMs: (size + 75) * 1000 })
  const maxDelay = told ? await maxDelayOf(told) : 0
  const audit = await world.audit(await load.stop())
  const after = await world.group(instances.length)
  const figures = { toldMs: told && stoodStill(told), maxDelay, generations: [before.generation, after.generation] }
  return outcome(audit, 0, figures, [
    ...(told ? [] : ['no line of the log tells that the event loop stood still']),
    ...(maxDelay < size * 0.99 ? [`the metric tells of ${maxDelay} s`] : []),
    ...rebalanced(before, after),
  ])
}

/** Of all lines that tell it, the milliseconds. */
const stoodStill = (instance: Instance): number[] =>
  [...instance.log().matchAll(/"level":"warn".*the event loop stood still for (\d+) ms/g)].map(([, ms]) => Number(ms))

/** In seconds, as the metric tells it. */
async function maxDelayOf({ url }: Instance): Promise<number> {
  const page = await (await fetch(`${url}/actuator/prometheus`)).text()
  return Number(/^evplat_event_loop_delay_seconds\{.*stat="max".*\} (\S+)/m.exec(page)?.[1] ?? 0)
}

/** A rebalance has a generation of its own, also where everybody keeps what they had. */
const rebalanced = (before: Settled, after: Settled): string[] =>
  JSON.stringify(before) === JSON.stringify(after)
    ? []
    : [`there was a rebalance: ${JSON.stringify(before)} became ${JSON.stringify(after)}`]
