// The stack for people: where each server is and how it does.
import { roughSize } from '../core/size.ts'
import type { Style } from '../core/style.ts'
import type { ServerStatus, StackStatus } from '../stack/status.ts'
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

/** The state of every server. */
export function statusLines(status: StackStatus, style: Style): string[] {
  const [head = '', ...rows] = columnLines(statusTable(status))
  return [head, ...rows.map((row, i) => paint(status.servers[i]!.state, style)(row))]
}

/** The state of every server, and what to do about it. `next` is said when all are ready. */
export function statusText(status: StackStatus, next: string | undefined, style: Style): string {
  const lines = statusLines(status, style)
  const advice = adviceFor(status) ?? next
  return [...lines, ...(advice === undefined ? [] : ['', advice])].join('\n') + '\n'
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
