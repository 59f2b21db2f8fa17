// POST `/actuator/listeners/TOPIC/seek`: `{ "to": "earliest" | "latest" | TIME, "partition"?: N }` or `{ "partition": N, "offset": N }`.
import type { FastifyReply } from 'fastify'
import { EvplatError } from '../../core/errors.ts'
import type { SeekTo } from '../listeners/words.ts'
import type { ListenerFacts } from './ports.ts'
import { refuse } from './refuse.ts'

interface Asked {
  readonly body: unknown
  readonly listeners: ListenerFacts
}

/** 200 with where each partition goes on, and which ones other instances have; 409 where this instance has none of them. */
export async function answerSeek(reply: FastifyReply, topic: string, { body, listeners }: Asked): Promise<unknown> {
  const to = seekOf(body)
  if (typeof to === 'string') return refuse(reply, 400, to)
  try {
    const sought = await listeners.seek(topic, to)
    if (!sought) return refuse(reply, 404, `no listener of topic "${topic}"`)
    const { partitions, elsewhere } = sought
    if (partitions.length === 0)
      return refuse(reply, 409, `this instance does not read partition ${elsewhere.join(', ')} of "${topic}" now`)
    const told = partitions.map(({ partition, offset, isCommitted }) => ({ partition, offset, committed: isCommitted }))
    return { topic, partitions: told, elsewhere }
  } catch (thrown) {
    if (!(thrown instanceof EvplatError)) throw thrown
    if (thrown.code === 'usage') return refuse(reply, 400, thrown.message)
    if (thrown.code === 'broker-unreachable') return refuse(reply, 503, 'no broker answers for now')
    throw thrown
  }
}

const known = ['to', 'partition', 'offset']

/** What a body asks for, or what is wrong with it. */
function seekOf(body: unknown): SeekTo | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return 'the body has to be an object such as { "to": "earliest" }'
  const strange = Object.keys(body).find((name) => !known.includes(name))
  if (strange !== undefined) return `"${strange}" is none of ${known.join(', ')}`
  const { to, partition, offset }: { to?: unknown; partition?: unknown; offset?: unknown } = body
  if (partition !== undefined && !isCount(partition)) return '"partition" has to be a whole number from 0'
  if (offset !== undefined) {
    if (to !== undefined) return '"to" and "offset" can not be given together'
    if (!isCount(offset)) return '"offset" has to be a whole number from 0'
    return partition === undefined ? '"offset" needs "partition"' : { partition, offset }
  }
  const place = to === 'earliest' || to === 'latest' ? to : timeOf(to)
  if (place === undefined) return '"to" has to be earliest, latest, or a time with its zone, as 2026-01-31T12:00:00Z'
  return { to: place, ...(partition !== undefined && { partition }) }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/** Milliseconds since 1970. */
function timeOf(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text))
    return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}
