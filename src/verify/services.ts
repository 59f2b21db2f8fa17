// Declared services that do not run here, are not ready, or leave partitions unread.
import type { Finding, Place } from '../core/finding.ts'

export interface ServiceState {
  readonly service: { readonly name: string; readonly at: Place; readonly group: string }
  /** it has a package.json of its own here, so that `evplat dev` runs it */
  readonly isHere: boolean
  /** whether anything tells that it runs: its port, or members of its group; undefined where it has neither port nor group */
  readonly isRunning: boolean | undefined
  readonly state: 'ready' | 'starting' | 'stopped' | 'failed'
  /** why it is not ready */
  readonly detail?: string
  /** what of its topics nobody reads: `no member of its group reads orders 0, 2` */
  readonly unassigned?: string
}

/** Whether there is something to check: a service that is elsewhere, and does not run, is none of this machine's. */
export function isChecked({ isHere, isRunning }: ServiceState): boolean {
  return isRunning !== undefined && (isHere || isRunning)
}

/** A warning for a service that does not run; errors for one that does and is not ready, or does not read all of its topics. */
export function serviceFindings(services: readonly ServiceState[]): Finding[] {
  return services.filter(isChecked).flatMap((state) => [...notReady(state), ...notAssigned(state)])
}

function notReady({ service: { name, at }, state, detail, isRunning }: ServiceState): Finding[] {
  if (state === 'ready') return []
  const common = { code: 'service-not-ready', at } as const
  if (state === 'stopped')
    return [
      { ...common, severity: 'warning', message: `service "${name}" does not run`, remedy: '`evplat dev` runs it' },
    ]
  const why = detail === undefined ? '' : `: ${detail}`
  return [
    {
      ...common,
      severity: 'error',
      message: `service "${name}" is not ready${why}`,
      remedy: isRunning
        ? 'its log says more; `evplat status --watch` shows when it is ready'
        : 'see what has the port, or give the service another one in platform.yaml',
    },
  ]
}

function notAssigned({ service: { name, at, group }, isRunning, unassigned }: ServiceState): Finding[] {
  if (isRunning !== true || unassigned === undefined) return []
  return [
    {
      severity: 'error',
      code: 'group-not-assigned',
      message: `service "${name}" does not read all that it consumes: ${unassigned}`,
      at,
      remedy: `\`evplat groups describe ${group}\` shows who reads what`,
    },
  ]
}
