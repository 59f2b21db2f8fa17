// `.evplat/stack.json`: what runs on this machine for a platform. It names every server before that one begins to run, and holds no secrets.
import { readFile, rm } from 'node:fs/promises'
import { EvplatError, systemCode } from '../core/errors.ts'
import { writeAtomic } from '../core/files.ts'
import type { StackSettings } from '../platform/platform.ts'
import type { StackPorts } from './desired/ports.ts'
import type { Layout } from './layout.ts'
import type { RuntimeName } from './runtime.ts'

export interface ServerRecord {
  readonly name: string
  readonly endpoint: string
  /** where containers of its network reach it */
  readonly inside?: string
  /** the server whose process serves it */
  readonly host?: string
  /** others run it, and it is only asked how it does */
  readonly outside?: true
  /** why the runtime can't give it on this machine, and what to do about it */
  readonly away?: string
  /** the process, from its start until it was stopped by `evplat down` */
  readonly pid?: number
  /** tells the process from a later one with the same number */
  readonly start?: string
}

export interface StackRecord {
  readonly format: 1
  readonly runtime: RuntimeName
  /** of containers: the project of compose that they are */
  readonly project?: string
  /** what the data was written with */
  readonly kafka: StackSettings['kafka']
  readonly ports: StackPorts
  /** known once the brokers have answered */
  readonly clusterId?: string
  readonly servers: readonly ServerRecord[]
}

/** The record of a stack, or undefined where there is none. Throws `stack-unreadable` for a file that evplat does not write. */
export async function readStackFile({ state }: Layout): Promise<StackRecord | undefined> {
  const text = await readFile(state, 'utf8').catch((thrown: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(thrown))) return undefined
    throw thrown
  })
  if (text === undefined) return undefined
  const record = parse(text)
  if (!isRecord(record))
    throw new EvplatError('stack-unreadable', `"${state}" is not what this version of evplat writes`, {
      hint: 'stop its servers, then remove the file, or the whole folder with its data',
    })
  return record
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Loose = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null
const isPort = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536
const isAbsentOr = (value: unknown, is: (value: unknown) => boolean): boolean => value === undefined || is(value)
const isListOf = (value: unknown, is: (value: unknown) => boolean): boolean => Array.isArray(value) && value.every(is)
const isText = (value: unknown): boolean => typeof value === 'string'

function isServer(value: unknown): boolean {
  if (!isObject(value)) return false
  const { name, endpoint, inside, host, outside, away, pid, start } = value
  const isNamed = isText(name) && isText(endpoint) && isAbsentOr(inside, isText) && isAbsentOr(host, isText)
  const isElsewhere = isAbsentOr(outside, (is) => is === true) && isAbsentOr(away, isText)
  return isNamed && isElsewhere && isAbsentOr(pid, Number.isInteger) && isAbsentOr(start, isText)
}

function isKafka(value: unknown): boolean {
  if (!isObject(value)) return false
  const { version, coordination, brokers } = value
  return isText(version) && ['kraft', 'zookeeper'].includes(String(coordination)) && (brokers === 1 || brokers === 3)
}

function isPorts(value: unknown): boolean {
  if (!isObject(value)) return false
  const { brokers, registry, services = {}, zookeeper, controllers, faults } = value
  const isPortList = (list: unknown): boolean => isListOf(list, isPort)
  const areOthers = isAbsentOr(zookeeper, isPort) && isAbsentOr(controllers, isPortList) && isAbsentOr(faults, isPort)
  const areServices = isObject(services) && Object.values(services).every(isPort)
  return isPortList(brokers) && isPort(registry) && areServices && areOthers
}

function isRecord(value: unknown): value is StackRecord {
  if (!isObject(value) || value['format'] !== 1 || !['native', 'embedded', 'docker'].includes(String(value['runtime'])))
    return false
  const { project, kafka, ports, clusterId, servers } = value
  return (
    isAbsentOr(project, isText) &&
    isKafka(kafka) &&
    isPorts(ports) &&
    isAbsentOr(clusterId, isText) &&
    isListOf(servers, isServer)
  )
}

/** The one writer of the file: changes follow each other, each written before it counts. */
export interface StackFile {
  readonly record: () => StackRecord
  /** Replaces parts of the record. */
  readonly update: (change: (record: StackRecord) => StackRecord) => Promise<void>
}

/** Writes a record and answers the file to change it by. The caller holds the lock of the stack. */
export async function createStackFile(layout: Layout, first: StackRecord): Promise<StackFile> {
  await writeRecord(layout.state, first)
  return openStackFile(layout, first)
}

/** The file that holds the record already, to change it by. The caller holds the lock of the stack. */
export function openStackFile({ state }: Layout, first: StackRecord): StackFile {
  let record = first
  let tail = Promise.resolve()
  return {
    record: () => record,
    update: (change) => {
      const write = async (): Promise<void> => {
        const next = change(record)
        await writeRecord(state, next)
        record = next
      }
      return (tail = tail.then(write, write))
    },
  }
}

function writeRecord(path: string, record: StackRecord): Promise<void> {
  return writeAtomic(path, `${JSON.stringify(record, null, 2)}\n`)
}

/** The record with other facts about one of its servers. */
export function withServer(record: StackRecord, server: ServerRecord): StackRecord {
  const servers = record.servers.map((known) => (known.name === server.name ? server : known))
  return { ...record, servers }
}

export async function removeStackFile({ state }: Layout): Promise<void> {
  await rm(state, { force: true })
}
