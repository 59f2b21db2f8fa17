// The programs of the databases that are to be started, as far as this machine has them. What is not to be had does not stop the rest.
import { join } from 'node:path'
import type { ErrorCode } from '../../core/error-codes.ts'
import { EvplatError } from '../../core/errors.ts'
import { type BesideServer, awayServer } from '../desired/beside-kafka.ts'
import type { DesiredServer } from '../desired/servers.ts'
import type { DatabasePrograms } from '../processes/start-options.ts'
import { findMongo } from './mongodb/find-mongo.ts'
import { type FindPostgresOptions, findPostgres } from './postgres/find-postgres.ts'
import { ownerFor } from './postgres/owner.ts'

export interface FindDatabasesOptions extends FindPostgresOptions {
  /** `.evplat`, absolute */
  readonly root: string
  /** the servers that were asked for by name: one of them that is not to be had is an error */
  readonly asked: readonly string[]
}

export interface FoundDatabases {
  readonly programs: DatabasePrograms
  /** in the place of those that are started otherwise than described */
  readonly instead: readonly BesideServer[]
}

const absences: readonly ErrorCode[] = ['server-away', 'npm-missing', 'download-failed']

/** Looks for what these servers need. Throws why one that was asked for by name is not to be had. */
export async function findDatabases(
  servers: readonly DesiredServer[],
  options: FindDatabasesOptions,
): Promise<FoundDatabases> {
  let programs: DatabasePrograms = {}
  const instead: BesideServer[] = []
  for (const server of servers) {
    try {
      if (server.kind === 'postgres') {
        const owner = await ownerFor(join(options.root, server.data))
        programs = { ...programs, postgres: await findPostgres(owner, options) }
      } else if (server.kind === 'mongodb') {
        const found = await findMongo(options.env)
        if ('program' in found) programs = { ...programs, mongodb: found.program }
        else instead.push({ ...server, kind: 'outside', endpoint: found.endpoint, ports: [] })
      } else if (server.kind === 'away' && options.asked.includes(server.name))
        throw new EvplatError('server-away', `this runtime has no ${server.name}`, { hint: server.reason })
    } catch (thrown) {
      if (!(thrown instanceof EvplatError) || !absences.includes(thrown.code)) throw thrown
      if (options.asked.includes(server.name) || (server.kind !== 'postgres' && server.kind !== 'mongodb')) throw thrown
      instead.push(awayServer(server.kind, reasonOf(thrown)))
    }
  }
  return { programs, instead }
}

/** In one line: what is wrong, in the first words of whoever said it, and what to do. */
function reasonOf({ message, parts }: EvplatError): string {
  const said = parts.said?.split('\n')[0]
  return [said === undefined ? message : `${message} (${said})`, parts.hint].filter(Boolean).join('; ')
}
