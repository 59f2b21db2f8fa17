// Where a MongoDB comes from without docker: one that others run, or the `mongod` of this machine.
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { EvplatError } from '../../../core/errors.ts'
import { endpointOf } from './uri.ts'

export type FoundMongo = { readonly program: string } | { readonly endpoint: string }

const remedy = 'install MongoDB, or let MONGODB_URI name one that runs, then `evplat up`'

/** Throws `server-away` where there is none. The connection string may hold a password, and is never shown. */
export async function findMongo(env: Readonly<Record<string, string | undefined>>): Promise<FoundMongo> {
  const { MONGODB_URI: uri = '', PATH: path = '' } = env
  if (uri !== '') {
    const endpoint = endpointOf(uri)
    if (endpoint !== undefined) return { endpoint }
    throw new EvplatError('server-away', 'MONGODB_URI is no connection string of MongoDB', {
      hint: 'write it as `mongodb://HOST:PORT/`, with signs of a password such as "@" and "/" percent-encoded; or unset it',
    })
  }
  for (const folder of path.split(delimiter)) {
    const program = join(folder, 'mongod')
    if (folder !== '' && (await isProgram(program))) return { program }
  }
  throw new EvplatError('server-away', 'there is no `mongod` on the PATH, and MONGODB_URI is not set', { hint: remedy })
}

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
