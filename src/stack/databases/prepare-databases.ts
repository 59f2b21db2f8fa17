// A database for each service of the platform that asks for one, with a user of its own, whatever the server runs in.
import { EvplatError, messageOf } from '../../core/errors.ts'
import { kindOf } from '../desired/servers.ts'
import type { Layout } from '../layout.ts'
import { ensureSecrets, readSecret } from '../secrets.ts'
import { prepareMongo } from './mongodb/server.ts'
import { preparePostgres } from './postgres/client.ts'

/** the user that MongoDB has from its start where it asks for passwords */
export const mongoAdministrator = 'root'

/**
 * Makes a user and a database for each service, all named like it, on a server that is ready; again on each `up`, where what is
 * there stays. A MongoDB without passwords needs no call: there a database is no more than its name. Throws `database-refused`.
 */
export async function prepareDatabases(
  layout: Layout,
  { name, endpoint }: { readonly name: string; readonly endpoint: string },
  services: readonly string[],
): Promise<void> {
  const kind = kindOf(name)
  if ((kind !== 'postgres' && kind !== 'mongodb') || services.length === 0) return
  await ensureSecrets(
    layout,
    services.map((service) => `${kind}-${service}`),
  )
  const password = await readSecret(layout, kind)
  const owners = await Promise.all(
    services.map(async (service) => ({ name: service, password: await readSecret(layout, `${kind}-${service}`) })),
  )
  const server = addressOf(endpoint)
  try {
    if (kind === 'postgres') await preparePostgres({ ...server, password }, owners)
    else
      await prepareMongo(
        server,
        { username: mongoAdministrator, password },
        owners.map((owner) => ({ username: owner.name, password: owner.password })),
      )
  } catch (thrown) {
    throw new EvplatError('database-refused', `${name} does not give the services their databases`, {
      said: messageOf(thrown),
      hint: `see \`evplat logs ${name}\``,
      cause: thrown,
    })
  }
}

/** `127.0.0.1:5432` */
export function addressOf(endpoint: string): { readonly host: string; readonly port: number } {
  const [host = '', port] = endpoint.split(':')
  return { host, port: Number(port) }
}
