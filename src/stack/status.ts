// The state of a stack in its published shape (design: `status`).
import type { StackSettings } from '../platform/platform.ts'
import { brokerName, kindOf } from './desired/servers.ts'

export type ServerState = 'ready' | 'starting' | 'stopped' | 'failed'

export interface ServerStatus {
  readonly name: string
  /** '' where it is not known yet: a free port is found when the stack starts */
  readonly endpoint: string
  readonly state: ServerState
  readonly pid?: number
  /** why it is not ready */
  readonly detail?: string
}

export interface StackStatus {
  readonly runtime: 'native'
  readonly servers: readonly ServerStatus[]
  /** services that run beside the stack */
  readonly services: readonly { readonly name: string; readonly endpoint: string; readonly state: ServerState }[]
}

const order: Readonly<Record<ReturnType<typeof kindOf>, number>> = { broker: 0, registry: 1, zookeeper: 2 }

/** The servers as they are published: Kafka first, as one entry with all its brokers, which follow when there are several. */
export function publishStatus(servers: readonly ServerStatus[]): StackStatus {
  const sorted = servers.toSorted((a, b) => order[kindOf(a.name)] - order[kindOf(b.name)])
  const brokers = sorted.filter(({ name }) => kindOf(name) === 'broker')
  return { runtime: 'native', servers: brokers.length > 1 ? [joined(brokers), ...sorted] : sorted, services: [] }
}

/** Several brokers as one: it is as well as the worst of them. */
function joined(brokers: readonly ServerStatus[]): ServerStatus {
  const states = brokers.map(({ state }) => state)
  const all = (state: ServerState): boolean => states.every((one) => one === state)
  const worst = all('stopped')
    ? 'stopped'
    : (['failed', 'starting', 'stopped'] as const).find((s) => states.includes(s))
  const ready = states.filter((state) => state === 'ready').length
  return {
    name: 'kafka',
    endpoint: brokers.every(({ endpoint }) => endpoint === '') ? '' : brokers.map(({ endpoint }) => endpoint).join(','),
    state: worst ?? 'ready',
    ...(!all('ready') && !all('stopped') && { detail: `${ready} of ${brokers.length} brokers are ready` }),
  }
}

/** A stack that was never started, as platform.yaml declares it. */
export function declaredStatus({ kafka, ports }: StackSettings): StackStatus {
  const stopped = (name: string, endpoint: string): ServerStatus => ({ name, endpoint, state: 'stopped' })
  const brokers = Array.from({ length: kafka.brokers }, (_, i) =>
    stopped(brokerName(i + 1, kafka.brokers), ports.kafka === 'auto' ? '' : `127.0.0.1:${ports.kafka + i}`),
  )
  const registry = stopped('schema-registry', ports.registry === 'auto' ? '' : `http://127.0.0.1:${ports.registry}`)
  const zookeeper = kafka.coordination === 'zookeeper' ? [stopped('zookeeper', '')] : []
  return publishStatus([...brokers, registry, ...zookeeper])
}

/** Servers that platform.yaml asks for and the native runtime does not run, as a note; undefined where there are none. */
export function notRunHere({ services }: StackSettings): string | undefined {
  if (services.length === 0) return undefined
  return `not in this version of the native runtime: ${services.map((name) => `"${name}"`).join(', ')}`
}
