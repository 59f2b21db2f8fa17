// Which ports a stack takes: the declared ones, those it had before, or free ones below what connections are given.
import { randomInt } from 'node:crypto'
import { createConnection, createServer } from 'node:net'
import { EvplatError, systemCode } from '../../core/errors.ts'
import type { StackService, StackSettings } from '../../platform/platform.ts'
import { usualZooKeeper } from '../desired/declared-ports.ts'
import type { StackPorts } from '../desired/ports.ts'
import type { RuntimeName } from '../runtime.ts'
import { type PortHolder, holderOf } from '../../core/port-holder.ts'
import { firstEphemeralPort } from './operating-system.ts'

const host = '127.0.0.1'
const lowest = 20_000

/** Whether this user could listen on the port: nobody else does, and the operating system does not keep it for others. */
export async function isFree(port: number): Promise<boolean> {
  return (await obstacle(port)) === undefined
}

/** Who has a port. */
export interface PortOwner {
  /** for people: `process 812 (java)` */
  readonly title: string
  /** where it is a process of this user's */
  readonly process?: PortHolder
  /** nobody listens there: the system keeps it for its administrator */
  readonly isReserved?: boolean
}

/** Who has a port, undefined where it is free. */
export async function whoHas(port: number): Promise<PortOwner | undefined> {
  const code = await obstacle(port)
  if (code === undefined) return undefined
  if (code === 'EACCES') return { title: 'the administrator of this machine', isReserved: true }
  const process = await holderOf(port)
  return process ? { title: `process ${process.pid} (${process.name})`, process } : { title: 'another process' }
}

/** The system's name for what stands in the way of listening on a port: EADDRINUSE, EACCES. */
async function obstacle(port: number): Promise<string | undefined> {
  const code = await new Promise<string | undefined>((resolve) => {
    const server = createServer()
      .once('error', (thrown) => resolve(systemCode(thrown)))
      .listen(port, host, () => server.close(() => resolve(undefined)))
  })
  // some systems let one listen on 127.0.0.1 beside somebody who listens on all addresses
  return code ?? ((await answers(port)) ? 'EADDRINUSE' : undefined)
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    const end = (answered: boolean) => (): void => {
      socket.destroy()
      resolve(answered)
    }
    socket.once('connect', end(true)).once('error', end(false)).setTimeout(1000, end(false))
  })
}

/** Throws `port-taken`, and by whom, where one of the ports that `server` is to have is not free. */
export async function requireFree(server: string, ports: readonly number[], hint: string): Promise<void> {
  for (const port of ports) {
    const owner = await whoHas(port)
    if (owner?.isReserved)
      throw new EvplatError('port-taken', `port ${port} of ${server} is kept for ${owner.title}`, {
        hint: 'set a port from 1024 on in platform.yaml: `stack.ports`',
        details: { port },
      })
    if (owner)
      throw new EvplatError('port-taken', `port ${port} of ${server} is taken by ${owner.title}`, {
        hint,
        details: { port, ...(owner.process && { pid: owner.process.pid, process: owner.process.name }) },
      })
  }
}

/** Ports for a stack that does not run. Those of `kept`, which it had before, are taken again as far as they fit and are free; `ours` count as free. */
export async function choosePorts(
  runtime: RuntimeName,
  { kafka, ports, services }: StackSettings,
  kept: Partial<StackPorts> = {},
  ours: ReadonlySet<number> = new Set(),
): Promise<StackPorts> {
  const count = kafka.brokers
  const declared = ports.kafka === 'auto' ? undefined : runFrom(ports.kafka, count)
  // what is declared comes first, so that nothing that may be anywhere stands in its way
  const others = services.map((name) => ports[name])
  const find = finder(
    [...(declared ?? []), ports.registry, ...others].filter((port) => port !== 'auto'),
    ours,
  )
  const one = async (port: number | 'auto', ...wishes: readonly (number | undefined)[]): Promise<number> =>
    port === 'auto' ? (await find(1, wishes.map(listOf)))[0]! : port
  const brokers = declared ?? (await find(count, [kept.brokers]))
  const registry = await one(ports.registry, kept.registry)
  const beside: Partial<Record<StackService, number>> = {}
  for (const name of services) beside[name] = await one(ports[name], kept.services?.[name])
  const all = { brokers, registry, ...(services.length > 0 && { services: beside }) }
  if (runtime === 'embedded') return { ...all, faults: await one('auto', kept.faults) }
  if (kafka.coordination === 'zookeeper')
    return { ...all, zookeeper: await one('auto', kept.zookeeper, usualZooKeeper) }
  // containers have networks of their own, where every controller has the same port
  return runtime === 'docker' ? all : { ...all, controllers: await find(count, [kept.controllers]) }
}

const listOf = (port: number | undefined): number[] => (port === undefined ? [] : [port])

type Find = (length: number, wishes: readonly (readonly number[] | undefined)[]) => Promise<readonly number[]>

/** Finds ports in a row that are free and none of `taken`, each once; the first of the wishes that can be met, else any. */
function finder(taken: readonly number[], ours: ReadonlySet<number>): Find {
  const chosen = new Set(taken)
  return async (length, wishes) => {
    const isOpen = async (wish: readonly number[] | undefined): Promise<boolean> =>
      wish?.length === length &&
      !wish.some((port) => chosen.has(port)) &&
      areFree(wish.filter((port) => !ours.has(port)))
    let run: readonly number[] | undefined
    for (const wish of wishes) run ??= (await isOpen(wish)) ? wish : undefined
    run ??= await freeRun(length, chosen)
    for (const port of run) chosen.add(port)
    return run
  }
}

const runFrom = (first: number, length: number): number[] => Array.from({ length }, (_, i) => first + i)

async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isFree(port))) return false
  return true
}

/** Free ports in a row, from a random place on: two stacks that start at once hardly meet. */
async function freeRun(length: number, except: ReadonlySet<number>): Promise<readonly number[]> {
  const end = Math.max(await firstEphemeralPort(), lowest + 1000)
  const first = randomInt(lowest, end - length)
  for (let step = 0; step < end - lowest; step += length) {
    const run = runFrom(lowest + ((first - lowest + step) % (end - lowest - length)), length)
    if (!run.some((port) => except.has(port)) && (await areFree(run))) return run
  }
  throw new EvplatError('port-taken', `no ${length} ports in a row are free between ${lowest} and ${end}`, {
    hint: 'name ports in platform.yaml: `stack.ports`',
  })
}
