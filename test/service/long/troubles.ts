// All that readiness watches, as it is made and taken back.
import { type Embedded, startEmbedded } from '../../../src/stack/embedded/start-embedded.ts'
import { topic } from './contract.ts'
import type { Instance } from './instances.ts'
import type { World } from './world.ts'

export interface Trouble {
  readonly name: string
  /** what readiness has to call down, and what it has to say of it */
  readonly component: string
  readonly says?: string
  /** makes it; the function takes it back */
  readonly begin: () => Promise<() => Promise<void>>
}

/** What trouble is made for. */
export interface Subject {
  readonly world: World
  readonly instance: Instance
  readonly registry: Registry
  /** sends so many events, numbered from 0 */
  readonly send: (count: number) => Promise<void>
}

/** events that may wait while the listener is paused; the one of this number is slow */
export const waiting = 1500

/**
 * What an instance is set up with. Of lag there is no bound as shipped, and a record may be in work for minutes. Membership is watched as
 * shipped, and the session is one with the usual heartbeats, of 3 s.
 */
export const bounds = {
  MANAGEMENT_HEALTH_STUCK: '2s',
  MANAGEMENT_HEALTH_MAX_LAG: '100',
  LISTENER_SESSION: '9s',
  SLOW_N: `${waiting}`,
  SLOW_MS: '5000',
}

export function troublesOf({ world, instance, registry, send }: Subject): readonly Trouble[] {
  return [
    { name: 'registry gone', component: 'registry', begin: () => registry.away() },
    {
      name: 'broker gone',
      component: 'kafka',
      begin: async () => {
        await world.broker.away()
        return () => world.broker.back()
      },
    },
    { name: 'consumer killed', component: 'listeners', says: 'not a member', begin: () => killConsumer(world) },
    {
      name: 'handler stuck',
      component: 'listeners',
      says: 'is stuck',
      begin: async () => {
        await send(waiting + 1)
        // it ends by itself
        return () => Promise.resolve()
      },
    },
    {
      name: 'lag over bound',
      component: 'listeners',
      says: 'has a lag of',
      begin: async () => {
        await tellListener(instance, 'pause')
        await send(waiting)
        return () => tellListener(instance, 'resume')
      },
    },
  ]
}

export interface Registry {
  readonly url: string
  /** the function brings it back, on the same port */
  away(): Promise<() => Promise<void>>
  close(): Promise<void>
}

export async function startRegistry(): Promise<Registry> {
  let running: Embedded = await startEmbedded()
  const url = running.registryUrl
  const back = async (): Promise<void> => {
    running = await startEmbedded({ ports: { registry: Number(new URL(url).port) } })
  }
  return {
    url,
    away: async () => {
      await running.close()
      return back
    },
    close: () => running.close(),
  }
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

async function tellListener({ url }: Instance, what: 'pause' | 'resume'): Promise<void> {
  const path = `${url}/actuator/listeners/${topic}/${what}`
  const { status } = await fetch(path, { method: 'POST' })
  if (status >= 300) throw new Error(`${path} was answered with ${status}`)
}
