// The state of a stack in its published shape (design: `status`).
import type { StackSettings } from '../platform/platform.ts'
import { uiReason } from './desired/beside-kafka.ts'
import { embeddedNote } from './desired/embedded.ts'
import { brokerName, kindOf } from './desired/servers.ts'
import type { RuntimeName } from './runtime.ts'

export type ServerState = 'ready' | 'starting' | 'stopped' | 'failed'

export interface ServerStatus {
  readonly name: string
  /** '' where it is not known yet: a free port is found when the stack starts */
  readonly endpoint: string
  readonly state: ServerState
  readonly pid?: number
  /** of the docker runtime: where containers of its network reach it */
  readonly inside?: string
  readonly image?: string
  /** what the engine's own check says */
  readonly health?: 'starting' | 'healthy' | 'unhealthy'
  /** ISO 8601 */
  readonly startedAt?: string
  readonly memoryBytes?: number
  /** how often the engine has started it again */
  readonly restarts?: number
  /** why it is not ready; of `faults`, how many rules are set */
  readonly detail?: string
}

/** A declared service, which runs beside the stack. */
export interface ServiceStatus {
  readonly name: string
  /** `http://127.0.0.1:8080`; '' for a service without a port */
  readonly endpoint: string
  readonly state: ServerState
  /** of a service that consumes */
  readonly group?: string
  /** how many members the group has; left out where Kafka did not tell */
  readonly members?: number
  /** records that wait; left out where partitions have records and the group no offset of them */
  readonly lag?: number
  /** why it is not ready, or what it does not read although it is */
  readonly detail?: string
}

export interface StackStatus {
  readonly runtime: RuntimeName
  readonly servers: readonly ServerStatus[]
  readonly services: readonly ServiceStatus[]
}

const order: Readonly<Record<ReturnType<typeof kindOf>, number>> = {
  broker: 0,
  registry: 1,
  zookeeper: 2,
  postgres: 3,
  mongodb: 4,
  'kafka-ui': 5,
  faults: 6,
}

/**
 * The servers as they are published: Kafka first, as one entry with all its brokers, which follow when there are several. Services
 * are looked at by themselves (services/read-services.ts).
 */
export function publishStatus(runtime: RuntimeName, servers: readonly ServerStatus[]): StackStatus {
  const sorted = servers.toSorted((a, b) => order[kindOf(a.name)] - order[kindOf(b.name)])
  const brokers = sorted.filter(({ name }) => kindOf(name) === 'broker')
  return { runtime, servers: brokers.length > 1 ? [joined(brokers), ...sorted] : sorted, services: [] }
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
    ...(brokers.every(({ inside }) => inside !== undefined) && {
      inside: brokers.map(({ inside }) => inside).join(','),
    }),
    state: worst ?? 'ready',
    ...(!all('ready') && !all('stopped') && { detail: `${ready} of ${brokers.length} brokers are ready` }),
  }
}

/** A stack that was never started, as platform.yaml declares it. Whether a database is to be had turns out with its start. */
export function declaredStatus(runtime: RuntimeName, { kafka, ports, services }: StackSettings): StackStatus {
  const stopped = (name: string, endpoint: string): ServerStatus => ({ name, endpoint, state: 'stopped' })
  const brokers = Array.from({ length: kafka.brokers }, (_, i) =>
    stopped(brokerName(i + 1, kafka.brokers), ports.kafka === 'auto' ? '' : `127.0.0.1:${ports.kafka + i}`),
  )
  const registry = stopped('schema-registry', ports.registry === 'auto' ? '' : `http://127.0.0.1:${ports.registry}`)
  const zookeeper = kafka.coordination === 'zookeeper' ? [stopped('zookeeper', '')] : []
  const faults = runtime === 'embedded' ? [stopped('faults', '')] : []
  const beside = services.map((name): ServerStatus => {
    if (name === 'kafka-ui' && runtime !== 'docker') return { name, endpoint: '', state: 'failed', detail: uiReason }
    const address = ports[name] === 'auto' ? '' : `127.0.0.1:${ports[name]}`
    return stopped(name, name === 'kafka-ui' && address !== '' ? `http://${address}` : address)
  })
  return publishStatus(runtime, [...brokers, registry, ...zookeeper, ...faults, ...beside])
}

/** What the runtime does otherwise than platform.yaml says; a line each. */
export function notesOn(runtime: RuntimeName, settings: StackSettings): string[] {
  const note = runtime === 'embedded' ? embeddedNote(settings) : undefined
  return note === undefined ? [] : [note]
}
