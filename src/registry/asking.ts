// What the parts of the client ask with: an answer read into our types, or the error that any other answer amounts to.
import { isAbsent } from './absence.ts'
import { type Reply, notARegistry, refused } from './failures.ts'
import type { Reader } from './replies.ts'
import type { Target } from './target.ts'
import type { Ask, Transport } from './transport.ts'

/** Endpoints that not every registry has. */
export type OptionalEndpoint = 'check-all' | 'schema-list'

export interface Asking {
  /** any answer */
  readonly reply: (ask: Ask) => Promise<Reply>
  /** what an answer holds; throws for every other answer than 200 */
  readonly read: <T>(ask: Ask, reply: Reply, reader: Reader<T>) => T
  readonly value: <T>(ask: Ask, reader: Reader<T>) => Promise<T>
  /** the same, and undefined where `absent` says that there is none */
  readonly found: <T>(ask: Ask, reader: Reader<T>, absent?: (reply: Reply) => boolean) => Promise<T | undefined>
  /** throws */
  readonly refuse: (ask: Ask, reply: Reply) => never
  /** what this registry was seen to lack, not to be asked for again */
  readonly lacks: Set<OptionalEndpoint>
}

export function createAsking(target: Target, transport: Transport): Asking {
  const refuse: Asking['refuse'] = (ask, reply) => {
    throw refused(target, ask.what, reply)
  }
  const read: Asking['read'] = (ask, reply, reader) => {
    if (reply.status !== 200) return refuse(ask, reply)
    const value = reply.body === undefined ? undefined : reader(reply.body)
    if (value === undefined) throw notARegistry(target, ask.what, 'gave another kind of answer', reply)
    return value
  }
  return {
    reply: (ask) => transport.ask(ask),
    read,
    value: async (ask, reader) => read(ask, await transport.ask(ask), reader),
    found: async (ask, reader, absent = isAbsent) => {
      const reply = await transport.ask(ask)
      return reply.status !== 200 && absent(reply) ? undefined : read(ask, reply, reader)
    },
    refuse,
    lacks: new Set(),
  }
}
