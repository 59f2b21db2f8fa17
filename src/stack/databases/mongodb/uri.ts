// MONGODB_URI: where a MongoDB is that others run (mongodb.com/docs/manual/reference/connection-string).
import { resolveSrv } from 'node:dns/promises'
import type { MongoServer } from './wire.ts'

const usualPort = 27_017
/** What of a connection string may be shown, or undefined for what is none. That its members want TLS stays in it. */
export function endpointOf(uri: string): string | undefined {
  const found = /^(mongodb(?:\+srv)?):\/\/(?:[^@/]*@)?([^@/?#\s]+)(?:\/[^?\s]*)?(?:\?(\S*))?$/.exec(uri)
  if (!found) return undefined
  const [, scheme, hosts, query] = found
  const options = new URLSearchParams(query)
  const tls = options.get('tls') ?? options.get('ssl')
  return `${scheme}://${hosts}/${tls === null ? '' : `?tls=${tls === 'true'}`}`
}

/** The servers behind an endpoint as `endpointOf` gives it. Rejects when the name server does not know them. */
export async function membersOf(endpoint: string): Promise<MongoServer[]> {
  const [, srv, hosts = '', query] = /^mongodb(\+srv)?:\/\/([^/]*)\/(?:\?(.*))?$/.exec(endpoint) ?? []
  const tls = new URLSearchParams(query).get('tls') === 'true'
  if (srv === undefined) return hosts.split(',').map((host) => ({ ...addressOf(host), tls }))
  const records = await resolveSrv(`_mongodb._tcp.${hosts}`)
  const isPlain = new URLSearchParams(query).get('tls') === 'false'
  return records.map(({ name, port }) => ({ host: name, port, tls: !isPlain }))
}

/** `host`, `host:port` or `[::1]:port`. */
function addressOf(text: string): { host: string; port: number } {
  const [, v6, name = '', port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? []
  return { host: v6 ?? name, port: port === undefined ? usualPort : Number(port) }
}
