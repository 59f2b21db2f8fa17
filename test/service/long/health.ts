// What readiness has to tell, each in time, and that it takes it back.
import { window } from './contract.ts'
import { type Instance, untilReady, untilTold } from './instances.ts'
import { type Outcome, exited, outcome } from './outcome.ts'
import { type Trouble, bounds, startRegistry, troublesOf } from './troubles.ts'
import type { World } from './world.ts'

interface Times {
  readonly toldMs: number
  readonly readyMs: number
}

/** Everything that readiness watches, `size` times each. */
export async function health(world: World, size: number, perSecond: number): Promise<Outcome> {
  const registry = await startRegistry()
  try {
    const instance = await world.start({ ...bounds, SCHEMA_REGISTRY_URL: registry.url })
    const sent: number[] = []
    const send = async (count: number): Promise<void> =>
      void sent.push(...(await world.load({ perSecond, count }).sent))
    const problems: string[] = []
    const longest: Record<string, Times> = {}
    for (let round = 0; round < size; round++)
      for (const trouble of troublesOf({ world, instance, registry, send })) {
        const { name } = trouble
        const { toldMs, readyMs, complaints } = await played(instance, trouble)
        const before = longest[name] ?? { toldMs, readyMs }
        longest[name] = { toldMs: Math.max(toldMs, before.toldMs), readyMs: Math.max(readyMs, before.readyMs) }
        problems.push(...complaints.map((complaint) => `${name}: ${complaint}`))
      }
    const audit = await world.audit(sent)
    return outcome(audit, window * size, { longest }, [...problems, ...exited([instance])])
  } finally {
    await registry.close()
  }
}

async function played(
  instance: Instance,
  trouble: Trouble,
): Promise<Times & { readonly complaints: readonly string[] }> {
  const end = await trouble.begin()
  const begun = Date.now()
  const complaints = await untilTold(instance, trouble.component, trouble.says)
  const toldMs = Date.now() - begun
  await end()
  const ended = Date.now()
  await untilReady(instance, 30_000)
  return { toldMs, readyMs: Date.now() - ended, complaints }
}
