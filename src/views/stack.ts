// The stack for people: where each server and each service is and how it does.
import { roughSize } from '../core/size.ts'
import type { Style } from '../core/style.ts'
import type { ServerStatus, ServiceStatus, StackStatus } from '../stack/status.ts'
import { type Table, columnLines } from './table.ts'

function paint(state: ServerStatus['state'], style: Style): (text: string) => string {
  switch (state) {
    case 'ready':
      return style.green
    case 'starting':
      return style.yellow
    case 'failed':
      return style.red
    case 'stopped':
      return style.dim
  }
}

type Column = readonly [head: string, cell: (server: ServerStatus) => string | undefined]

const address = ({ endpoint, state }: ServerStatus): string =>
  endpoint !== '' ? endpoint : state === 'failed' ? '' : '(a free port)'

/** Of containers: where others find them, what they are made of and what they take. */
const ofContainers: readonly Column[] = [
  ['INSIDE', ({ inside }) => inside],
  ['IMAGE', ({ image }) => image],
  ['HEALTH', ({ health }) => health],
  ['SINCE', ({ startedAt }) => startedAt],
  ['MEMORY', ({ memoryBytes }) => (memoryBytes === undefined ? undefined : roughSize(memoryBytes))],
  ['RESTARTS', ({ restarts }) => (restarts === undefined || restarts === 0 ? undefined : String(restarts))],
]

/** One row for each server. What is known of no container has no column. */
export function statusTable({ runtime, servers }: StackStatus): Table {
  const known = ofContainers.filter(([, cell]) => servers.some((server) => cell(server) !== undefined))
  const pid: Column = ['PID', (server) => server.pid?.toString()]
  const columns: readonly Column[] = [
    ['SERVER', ({ name }) => name],
    ['STATE', ({ state }) => state],
    ['ENDPOINT', address],
    ...(runtime === 'docker' ? known : [pid]),
    ['DETAIL', ({ detail }) => detail],
  ]
  return {
    head: columns.map(([head]) => head),
    rows: servers.map((server) => columns.map(([, cell]) => cell(server) ?? '')),
  }
}

/** One row for each service. */
function servicesTable(services: readonly ServiceStatus[]): Table {
  return {
    head: ['SERVICE', 'STATE', 'ENDPOINT', 'GROUP', 'MEMBERS', 'LAG', 'DETAIL'],
    rows: services.map(({ name, state, endpoint, group = '', members = '', lag = '', detail = '' }) => [
      name,
      state,
      endpoint,
      group,
      String(members),
      String(lag),
      detail,
    ]),
  }
}

/** The servers, and the services where there are any. */
export function statusTables(status: StackStatus): readonly Table[] {
  return [statusTable(status), ...(status.services.length > 0 ? [servicesTable(status.services)] : [])]
}

function paintedLines(table: Table, states: readonly Pick<ServerStatus, 'state'>[], style: Style): string[] {
  const [head = '', ...rows] = columnLines(table)
  return [head, ...rows.map((row, i) => paint(states[i]!.state, style)(row))]
}

/** The state of every server and service, and what to do about it. `next` is said when all servers are ready. */
export function statusText(status: StackStatus, next: string | undefined, style: Style): string {
  const { servers, services } = status
  const lines = statusTables(status).map((table, i) => paintedLines(table, i === 0 ? servers : services, style))
  const advice = adviceFor(status) ?? next
  return [...lines, ...(advice === undefined ? [] : [[advice]])].map((part) => `${part.join('\n')}\n`).join('\n')
}

function adviceFor({ servers }: StackStatus): string | undefined {
  const failed = servers.find((server) => server.state === 'failed' && isOurs(server))
  if (failed) return `see \`evplat logs ${failed.name}\`; \`evplat up\` starts it again`
  if (servers.some(({ state }) => state === 'stopped')) return 'start it with `evplat up`'
  return undefined
}

/** Of a server that this machine can't give, or that others run, there is no log, and its detail says what to do. */
const isOurs = ({ endpoint }: ServerStatus): boolean => endpoint !== '' && !endpoint.startsWith('mongodb')

/** One line of a server's log, with the name of the server before it where there are several. */
export function logLineText({ server, line }: { server: string; line: string }, width: number, style: Style): string {
  return width === 0 ? `${line}\n` : `${style.cyan(`${server.padEnd(width)} |`)} ${line}\n`
}

/** What `down` did. */
export function downText(stopped: readonly string[], deleted: string | undefined): string {
  const first = stopped.length === 0 ? 'nothing was running' : `stopped ${stopped.join(', ')}`
  return deleted === undefined ? `${first}\n` : `${first}\ndeleted ${deleted}\n`
}
