// What readiness has to tell, each in time, and that it takes it back.
import { startEmbedded } from '../../../src/stack/embedded/start-embedded.ts'
import { window } from './contract.ts'
import { type Instance, untilReady, untilTold } from './instances.ts'
import { type Outcome, exited, outcome } from './outcome.ts'
import type { World } from './world.ts'

type Times = readonly [toldMs: number, readyMs: number]

interface Trouble {
  readonly component: string
  /** in what the component says */
  readonly says?: string
  /** does it; the function takes it back */
  readonly begin: () => Promise<() => Promise<void>>
}

/**
 * What a bound is set for: of lag there is none as shipped, and a record may be in work for minutes. Membership is watched as shipped,
 * and the session is one with the usual heartbeats, of 3 s.
 */
const bounds = { MANAGEMENT_HEALTH_STUCK: '2s', MANAGEMENT_HEALTH_MAX_LAG: '100', LISTENER_SESSION: '9s' }

/** records that wait while the listener is paused; the one behind them is slow */
const waiting = 1500

/** Everything that readiness watches, `size` times each. */
export async function health(world: World, size: number, perSecond: number): Promise<Outcome> {
  let registry = await startEmbedded()
  const registryPort = Number(new URL(registry.registryUrl).port)
  const env = { ...bounds, SCHEMA_REGISTRY_URL: registry.registryUrl, SLOW_N: `${waiting}`, SLOW_MS: '4000' }
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
    'consumer killed': { component: 'listeners', says: 'not a member', begin: () => killConsumer(world) },
    'handler stuck': {
      component: 'listeners',
      says: 'is stuck',
      begin: async () => {
        sent.push(...(await world.load({ perSecond, count: waiting + 1 }).sent))
        return () => Promise.resolve()
      },
    },
    'lag over bound': {
      component: 'listeners',
      says: 'has a lag of',
      begin: async () => {
        await setPaused(instance, true)
        sent.push(...(await world.load({ perSecond, count: waiting }).sent))
        return () => setPaused(instance, false)
      },
    },
  }
  const problems: string[] = []
  const longest: Record<string, Times> = {}
  try {
    for (let round = 0; round < size; round++)
      for (const [name, trouble] of Object.entries(troubles)) {
        const { times, problems: more } = await played(instance, trouble)
        const [toldMs, readyMs] = longest[name] ?? [0, 0]
        longest[name] = [Math.max(times[0], toldMs), Math.max(times[1], readyMs)]
        problems.push(...more.map((problem) => `${name}: ${problem}`))
      }
    return outcome(await world.audit(sent), window * size, { toldAndReadyMs: longest }, [
      ...problems,
      ...exited([instance]),
    ])
  } finally {
    await registry.close()
  }
}

async function played(
  instance: Instance,
  { component, says, begin }: Trouble,
): Promise<{ times: Times; problems: string[] }> {
  const end = await begin()
  const begun = Date.now()
  const problems = await untilTold(instance, component, says)
  const told = Date.now()
  await end()
  const ended = Date.now()
  await untilReady(instance, 30_000)
  return { times: [told - begun, Date.now() - ended], problems }
}

/** The group does not know the member any more, and takes none: until the rules are gone. */
async function killConsumer({ broker: { faultsUrl } }: World): Promise<() => Promise<void>> {
  if (faultsUrl === undefined) throw new Error('only the embedded broker can be told to kill a consumer')
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
