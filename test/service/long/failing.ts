// Events that no handler takes, and those that fail once.
import { isPoison } from './contract.ts'
import { deadLettersOf } from './dead-letters.ts'
import { type Outcome, outcome } from './outcome.ts'
import type { World } from './world.ts'

/** `size` events, 1 % poison and 5 % that fail once: dead letters are exactly the poison, everything else is handled. */
export async function failures(world: World, size: number, perSecond: number): Promise<Outcome> {
  await Promise.all([world.start({ FAILURES: '1' }), world.start({ FAILURES: '1' })])
  const sent = await world.load({ perSecond, count: size, withPoison: true }).sent
  const audit = await world.audit(sent.filter((n) => !isPoison(n)))
  const [dead, poison] = [await deadLettersOf(world.broker.bootstrap), sent.filter((n) => isPoison(n))]
  const letters = new Set(dead)
  const exact = dead.length === poison.length && poison.every((n) => letters.has(`poison ${n}`))
  const problems = exact ? [] : [`${dead.length} dead letters that are not the ${poison.length} poison ones`]
  // what fails goes by the retry topic, behind later ones of its key: that is what `retry` means
  return outcome({ ...audit, outOfOrder: [] }, 0, { dead: dead.length }, problems)
}
