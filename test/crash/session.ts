// A connection that is made again and again while the broker dies and comes back, and typed questions over it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api, RequestOf, ResponseOf } from '../../src/protocol/api.ts'
import { type Wire, openWire } from '../differential/wire.ts'

/** Dials until somebody answers; undefined when `isOver` says so before. */
export async function dialUntil(port: number, clientId: string, isOver: () => boolean): Promise<Wire | undefined> {
  while (!isOver()) {
    try {
      return await openWire('127.0.0.1', port, clientId)
    } catch {
      await sleep(15)
    }
  }
  return undefined
}

/** The answer; undefined when the connection ended before it came. */
export async function ask<A extends Api>(
  wire: Wire,
  [api, version]: readonly [api: A, version: number],
  body: RequestOf<A>,
): Promise<ResponseOf<A> | undefined> {
  const reply = await wire.send(api, version, body)
  return 'answer' in reply ? (reply.answer as ResponseOf<A>) : undefined
}
