import type { FastifyInstance } from 'fastify'
import { EvplatError, systemCode } from '../../core/errors.ts'

export interface ListenOptions {
  readonly host: string
  /** 0 for any free one */
  readonly port: number
  /** who has a port, for people: `process 812 (java)`; undefined where that is not to be found */
  readonly whoHas?: (port: number) => Promise<string | undefined>
}

/** Listens, and resolves with the address. Throws `port-taken`. */
export async function listen(app: FastifyInstance, { host, port, whoHas }: ListenOptions): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (thrown) {
    const code = systemCode(thrown)
    if (code === 'EACCES')
      throw new EvplatError('port-taken', `this user may not listen on port ${port}`, {
        hint: 'set `server.port` in application.yaml (or SERVER_PORT) to a port above 1023',
        details: { port },
      })
    if (code !== 'EADDRINUSE') throw thrown
    const holder = (await whoHas?.(port)) ?? 'another process'
    throw new EvplatError('port-taken', `port ${port} is taken by ${holder}`, {
      hint: 'stop it, or set `server.port` in application.yaml (or SERVER_PORT) to another port',
      details: { port, holder },
    })
  }
}
