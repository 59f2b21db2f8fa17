// What answers on the port of a service: the service itself, another program, or nobody.
import { holderOf } from '../../core/port-holder.ts'
import { askHttp } from './ask-http.ts'

export type PortFacts =
  /** nobody listens */
  | { readonly kind: 'nobody' }
  /** the connection is taken, and no answer comes */
  | { readonly kind: 'silent' }
  /** another program has the port; `who` it is, as far as that can be told: `service "billing"`, `process 12 (java)` */
  | { readonly kind: 'other'; readonly who: string }
  /** the service; `down` names the parts that keep it from being ready, where it tells */
  | { readonly kind: 'itself'; readonly isReady: boolean; readonly isAlive: boolean; readonly down: readonly string[] }

/** How long one question may take, in milliseconds. */
const patienceMs = 2000

/** Asks what listens on a port of this machine who it is, and the service how it does. Never rejects. */
export async function askService(name: string, port: number): Promise<PortFacts> {
  const ask = (path: string) => askHttp(port, path, patienceMs)
  const [root, ready] = await Promise.all([ask('/'), ask('/readyz')])
  if (root.kind === 'refused' || ready.kind === 'refused') return { kind: 'nobody' }
  if (root.kind === 'silent' || ready.kind === 'silent') return { kind: 'silent' }
  const found = root.kind === 'answer' ? textAt(root.body, 'service') : undefined
  if (found !== name || ready.kind !== 'answer')
    return { kind: 'other', who: found === undefined ? await holderText(port) : `service "${found}"` }
  if (ready.status === 200) return { kind: 'itself', isReady: true, isAlive: true, down: [] }
  const [alive, health] = await Promise.all([ask('/livez'), ask('/actuator/health/readiness')])
  return {
    kind: 'itself',
    isReady: false,
    isAlive: alive.kind === 'answer' && alive.status === 200,
    down: health.kind === 'answer' ? partsDown(health.body) : [],
  }
}

async function holderText(port: number): Promise<string> {
  const holder = await holderOf(port)
  return holder ? `process ${holder.pid} (${holder.name})` : 'another program'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined
}

function textAt(body: string, field: string): string | undefined {
  const value = fieldOf(parsed(body), field)
  return typeof value === 'string' ? value : undefined
}

/** The components of a health report that are not up. By default a service tells none. */
function partsDown(body: string): string[] {
  const components = fieldOf(parsed(body), 'components')
  if (typeof components !== 'object' || components === null) return []
  return Object.entries(components)
    .filter(([, component]) => fieldOf(component, 'status') !== 'UP')
    .map(([name]) => name)
}
