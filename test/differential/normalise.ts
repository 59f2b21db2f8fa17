// Makes answers of two clusters comparable: what must differ (ids, ports, times) gets a name, and where the order says nothing there is
// one order. The result is JSON.
import type { Played } from './play.ts'
import { freeOrders } from './free-orders.ts'
import { recordsJson } from './normalise-records.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

const noId = 'AAAAAAAAAAAAAAAAAAAAAA'
const uuid = /^[A-Za-z0-9_-]{22}$/
/** times of this century in ms: no offset and no limit is of that size */
const firstTime = 1_500_000_000_000n
const lastTime = 4_000_000_000_000n
/** what scenarios write around (`someTime` of data-requests.ts) is the same in every run */
const ownTime = 1_700_000_000_000n
const aroundOwn = 1_000_000n

/** Fields that name something of the one cluster, by what stands for them. */
const namedFields: Readonly<Record<string, string>> = {
  clusterId: '<cluster>',
  port: '<port>',
  logDir: '<folder>',
}

function isOfTheRun(ms: bigint): boolean {
  const isOwn = ms > ownTime - aroundOwn && ms < ownTime + aroundOwn
  return ms > firstTime && ms < lastTime && !isOwn
}

/** ids -> id-1, id-2, ... in the order in which they are met; the same over a whole scenario */
type Names = Map<string, string>

function nameOf(id: string, names: Names): string {
  if (id === noId) return 'none'
  const name = names.get(id) ?? `id-${names.size + 1}`
  names.set(id, name)
  return name
}

function text(key: string, value: string, names: Names): Json {
  if (key === 'topicId' && uuid.test(value)) return nameOf(value, names)
  if (key === 'documentation' && value !== '') return '<text>'
  if (key === 'clusterId' && value === '') return ''
  return (
    namedFields[key] ??
    value
      .replace(/(?<![\d-])\d{13}(?!\d)/g, (digits) => (isOfTheRun(BigInt(digits)) ? '<time>' : digits))
      .replace(/-922337\d{13}/g, '<time that wrapped around>')
      .replace(/(?<=127\.0\.0\.1:)\d+/g, '<port>')
      .replace(/\S*evplat-differential-\w+/g, '<folder>')
  )
}

/** of the disk below */
const volumeFields = new Set(['totalBytes', 'usableBytes'])

/** ids that a cluster gives: to producers, and to sessions of readers */
function givenId(key: string, value: unknown, names: Names): Json | undefined {
  if (key === 'InitProducerId.producerId' && Number(value) >= 0) return nameOf(`producer ${String(value)}`, names)
  return key === 'Fetch.sessionId' && Number(value) !== 0 ? '<session>' : undefined
}

function plain(key: string, value: unknown, names: Names): Json {
  if (volumeFields.has(key) && Number(value) > 0) return '<bytes>'
  if (typeof value === 'bigint') return isOfTheRun(value) ? '<time>' : `${value}`
  if (Buffer.isBuffer(value)) return key === 'records' ? recordsJson(value) : value.toString('hex')
  if (typeof value === 'string') return text(key, value, names)
  if (typeof value === 'number') return namedFields[key] ?? value
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null
  throw new Error(`no JSON for ${typeof value}`)
}

/** By which an array without an order is put into one; ids are left out, because they differ. */
function sortKey(value: unknown): string {
  const { topicId, partitions, ...rest } = value as Record<string, unknown>
  void topicId
  void partitions
  return JSON.stringify(rest, (_, each: unknown) => (typeof each === 'bigint' ? `${each}` : each))
}

function inOrder(items: readonly unknown[], path: string): readonly unknown[] {
  if (!freeOrders.has(path)) return items
  return items.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}

function walk(value: unknown, [key, path]: readonly [key: string, path: string], names: Names): Json {
  if (Array.isArray(value)) {
    const items = inOrder(value, path)
    return items.map((item) => walk(item, [key, path], names))
  }
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value))
    return givenId(path, value, names) ?? plain(key, value, names)
  const entries = Object.entries(value).map(([k, v]) => [k, walk(v, [k, `${path}.${k}`], names)] as const)
  return Object.fromEntries(entries)
}

/** The answers of one scenario as JSON: `[{ "CreateTopics 7": answer }, ...]`; a closed connection is told as such. */
export function normalise(played: readonly Played[]): Json {
  const names: Names = new Map()
  return played.map(({ api, version, reply }) => ({
    [`${api} ${version}`]: 'answer' in reply ? walk(reply.answer, ['', api], names) : 'closed',
  }))
}
