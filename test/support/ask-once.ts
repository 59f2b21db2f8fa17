// Single requests over the wire, on connections that faults may end.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api, RequestOf, ResponseOf } from '../../src/protocol/api.ts'
import { openWire } from '../differential/wire.ts'

interface Asking {
  readonly clientId?: string
  /** so long nobody has to answer; a request whose answer must come is asked without */
  readonly silenceMs?: number
}

/** The answer to one request on a connection of its own; `ended` when the server closed it, `nothing` when it kept silent. */
export async function askOnce<A extends Api>(
  { port }: { readonly port: number },
  [api, version]: readonly [api: A, version: number],
  body: RequestOf<A>,
  { clientId = 'test', silenceMs }: Asking = {},
): Promise<ResponseOf<A> | 'nothing' | 'ended'> {
  const wire = await openWire('127.0.0.1', port, clientId)
  try {
    const reply = wire.send(api, version, body)
    const told = await (silenceMs === undefined ? reply : Promise.race([reply, sleep(silenceMs)]))
    if (told === undefined) return 'nothing'
    return 'closed' in told ? 'ended' : (told.answer as ResponseOf<A>)
  } finally {
    wire.close()
  }
}
