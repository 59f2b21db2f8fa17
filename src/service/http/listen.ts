import type { FastifyInstance } from 'fastify'
import { EvplatError, systemCode } from '../../core/errors.ts'
import { holderOf } from '../../core/port-holder.ts'

export interface ListenOptions {
  readonly host: string
  /** 0 for any free one */
  readonly port: number
}

/** Listens, and resolves with the address. Throws `port-taken`, which names the setting by which the port is changed. */
export async function listen(app: FastifyInstance, { host, port }: ListenOptions, setting: string): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (thrown) {
    const code = systemCode(thrown)
    if (code === 'EACCES')
      throw new EvplatError('port-taken', `this user may not listen on port ${port}`, {
        hint: `set \`${setting}\` in application.yaml (or ${variableOf(setting)}) to a port above 1023`,
        details: { port },
      })
    if (code !== 'EADDRINUSE') throw thrown
    const process = await holderOf(port)
    const holder = process ? `process ${process.pid} (${process.name})` : 'another process'
    throw new EvplatError('port-taken', `port ${port} is taken by ${holder}`, {
      hint: `stop it, or set \`${setting}\` in application.yaml (or ${variableOf(setting)}) to another port`,
      details: { port, holder },
    })
  }
}

/** The environment's name of a setting. */
const variableOf = (setting: string): string => setting.replaceAll('.', '_').toUpperCase()
