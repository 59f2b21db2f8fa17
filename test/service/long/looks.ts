// Looks at the readiness of instances, as a load balancer takes them, while something is done to others.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Instance, downIn, readiness } from './instances.ts'

/** Of each look that found an instance unready, the components that were down; `nobody` where it did not answer. */
export interface Looks {
  readonly looks: number
  readonly unready: readonly (readonly string[])[]
}

/** What tells of a machine that has too much to do, and not of what is done to other instances. */
const ofMachine: ReadonlySet<string> = new Set(['eventLoop', 'kafka'])

/** The looks that found something down that others should not have brought down. */
export const troubling = ({ unready }: Looks): readonly (readonly string[])[] =>
  unready.filter((down) => down.length === 0 || down.some((name) => !ofMachine.has(name)))

export const together = (all: readonly Looks[]): Looks => ({
  looks: all.reduce((sum, { looks }) => sum + looks, 0),
  unready: all.flatMap(({ unready }) => unready),
})

/** Looks every 100 ms for as long as `doing` takes. */
export async function looksDuring(instances: readonly Instance[], doing: () => Promise<void>): Promise<Looks> {
  const over = new AbortController()
  const all = Promise.all(instances.map((instance) => look(instance, over.signal)))
  try {
    await doing()
  } finally {
    over.abort()
  }
  return together(await all)
}

async function look(instance: Instance, over: AbortSignal): Promise<Looks> {
  const unready: string[][] = []
  let looks = 0
  for (; !over.aborted; looks++) {
    const { code, body } = await readiness(instance)
    if (code !== 200) unready.push(code === 503 ? downIn(body) : ['nobody'])
    await sleep(100)
  }
  return { looks, unready }
}
