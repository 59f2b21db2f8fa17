// Looks at the readiness of instances, as a load balancer takes them, while something is done to others.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Instance, readiness } from './instances.ts'

export interface Looks {
  readonly looks: number
  /** what those said that were not ready */
  readonly unready: readonly string[]
}

/** Looks every 100 ms for as long as `doing` takes. */
export async function looksDuring(instances: readonly Instance[], doing: () => Promise<void>): Promise<Looks> {
  const over = new AbortController()
  const all = Promise.all(instances.map((instance) => look(instance, over.signal)))
  try {
    await doing()
  } finally {
    over.abort()
  }
  const each = await all
  return {
    looks: each.reduce((sum, { looks }) => sum + looks, 0),
    unready: each.flatMap(({ unready }) => unready),
  }
}

async function look(instance: Instance, over: AbortSignal): Promise<Looks> {
  const unready: string[] = []
  let looks = 0
  for (; !over.aborted; looks++) {
    const { code, body } = await readiness(instance)
    if (code !== 200) unready.push(`${code} ${body}`)
    await sleep(100)
  }
  return { looks, unready }
}
