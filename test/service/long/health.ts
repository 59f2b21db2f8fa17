// What readiness has to tell, each in time, and that it takes it back.
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbedded } from '../../../src/stack/embedded/start-embedded.ts'
import { exited, untilTold } from './away.ts'
import { window } from './contract.ts'
import { type Instance, untilReady } from './instances.ts'
import { type Outcome, outcome } from './outcome.ts'
import type { World } from './world.ts'

interface Trouble {
  readonly component: string
  /** does it; the function takes it back */
  readonly begin: () => Promise<() => Promise<void>>
}

/** the bounds that the instance is given; usual ones are minutes */
const bounds = {
  MANAGEMENT_HEALTH_STUCK: '2s',
  MANAGEMENT_HEALTH_JOINING: '2s',
  MANAGEMENT_HEALTH_MAX_LAG: '100',
}

/** Everything that readiness watches, `size` times each. */
export async function health(world: World, size: number, perSecond: number): Promise<Outcome> {
  let registry = await startEmbedded()
  const registryPort = Number(new URL(registry.registryUrl).port)
  const env = { ...bounds, SCHEMA_REGISTRY_URL: registry.registryUrl, SLOW_N: '100', SLOW_MS: '5000' }
  const instance = await world.start(env)
  const sent: number[] = []
  const troubles: Readonly<Record<string, Trouble>> = {
    'registry gone': {
      component: 'registry',
      begin: async () => {
        await registry.close()
        return async () => {
          registry = await startEmbedded({ ports: { registry: registryPort } })
        }
      },
    },
    'broker gone': {
      component: 'kafka',
      begin: async () => {
        await world.broker.away()
        return () => world.broker.back()
      },
    },
    'consumer killed': { component: 'listeners', begin: () => killConsumer(world) },
    'handler stuck': {
      component: 'listeners',
      begin: async () => {
        sent.push(...(await world.load({ perSecond: 50, count: 101 }).sent))
        return () => Promise.resolve()
      },
    },
    'lag over bound': {
      component: 'listeners',
      begin: async () => {
        await setPaused(instance, true)
        sent.push(...(await world.load({ perSecond, count: 2000 }).sent))
        return () => setPaused(instance, false)
      },
    },
  }
  const problems: string[] = []
  try {
    for (let round = 0; round < size; round++)
      for (const [name, trouble] of Object.entries(troubles))
        problems.push(...(await played(instance, trouble)).map((problem) => `${name}: ${problem}`))
    return outcome(await world.audit(sent), window * size, { troubles: Object.keys(troubles) }, [
      ...problems,
      ...exited([instance]),
    ])
  } finally {
    await registry.close()
  }
}

async function played(instance: Instance, { component, begin }: Trouble): Promise<string[]> {
  const end = await begin()
  const problems = await untilTold(instance, component)
  await end()
  await untilReady(instance, 30_000)
  await sleep(500)
  return problems
}

/** The group does not know the member any more, and takes none: until the rules are gone. */
async function killConsumer({ broker: { faultsUrl = '' } }: World): Promise<() => Promise<void>> {
  const rules = [
    { match: { api: 'Heartbeat' }, do: 'error', value: 'UNKNOWN_MEMBER_ID' },
    { match: { api: 'JoinGroup' }, do: 'error', value: 'COORDINATOR_NOT_AVAILABLE' },
  ]
  for (const rule of rules) {
    const { status } = await fetch(faultsUrl, { method: 'POST', body: JSON.stringify(rule) })
    if (status !== 201) throw new Error(`a fault rule was answered with ${status}`)
  }
  return async () => void (await fetch(faultsUrl, { method: 'DELETE' }))
}

async function setPaused({ url }: Instance, isPaused: boolean): Promise<void> {
  const path = `${url}/actuator/listeners/orders/${isPaused ? 'pause' : 'resume'}`
  const { status } = await fetch(path, { method: 'POST' })
  if (status >= 300) throw new Error(`${path} was answered with ${status}`)
}
