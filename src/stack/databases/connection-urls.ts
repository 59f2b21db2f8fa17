// What a service connects to: its database, its user and its password in one URL.
import type { Database } from '../../platform/platform.ts'
import type { Layout } from '../layout.ts'
import { findSecret, readSecret } from '../secrets.ts'
import { replicaSet } from './mongodb/server.ts'

export interface ConnectionUrls {
  /** for a process of this machine */
  readonly host: string
  /** for a container of the stack's network; undefined where there is none */
  readonly inside?: string
}

export interface DatabaseAddress {
  readonly database: Database
  /** `127.0.0.1:5432`; or that of a MongoDB that others run */
  readonly endpoint: string
  /** `postgres:5432`, where the server is in a container */
  readonly inside?: string
  /** MONGODB_URI, where the MongoDB is that of others */
  readonly uri?: string
}

/** The URLs of the database of a service. They hold its password: they are for the service, not for a screen. Throws `stack-unreadable`. */
export async function connectionUrls(
  layout: Layout,
  service: string,
  { database, endpoint, inside, uri }: DatabaseAddress,
): Promise<ConnectionUrls> {
  if (uri !== undefined) return { host: uri, inside: uri }
  const urlAt = database === 'postgres' ? await postgresUrl(layout, service) : await mongoUrl(layout, service)
  return {
    host: urlAt(endpoint, inside !== undefined),
    ...(inside !== undefined && { inside: urlAt(inside, false) }),
  }
}

/** `isElsewhere`: the server knows itself by another address than this one. */
type UrlAt = (address: string, isElsewhere: boolean) => string

// names of services and passwords need no escaping
async function postgresUrl(layout: Layout, service: string): Promise<UrlAt> {
  const password = await readSecret(layout, `postgres-${service}`)
  return (address) => `postgres://${service}:${password}@${address}/${service}`
}

/** A client of a replica set goes on to the addresses that the set has of its members, unless it is told to stay. */
async function mongoUrl(layout: Layout, service: string): Promise<UrlAt> {
  const password = await findSecret(layout, `mongodb-${service}`)
  const user = password === undefined ? '' : `${service}:${password}@`
  return (address, isElsewhere) =>
    `mongodb://${user}${address}/${service}?${isElsewhere ? 'directConnection=true' : `replicaSet=${replicaSet}`}`
}
