// An answer is held back until what it tells is as safe as the broker's durability promises.
import type { Durable } from '../topics/topics.ts'

/** The answer, at once where nothing has to be waited for. */
export function whenDurable<T>(durables: readonly Durable[], answer: T): T | Promise<T> {
  const waits = durables.filter((each) => each !== undefined)
  return waits.length === 0 ? answer : Promise.all(waits).then(() => answer)
}
