// A connection to PostgreSQL, by the library pg, which is loaded with the first one.
import type { Client } from 'pg'

export interface PostgresServer {
  readonly host: string
  readonly port: number
  /** of the superuser */
  readonly password: string
}

/** the superuser, and the database that is always there */
export const superuser = 'postgres'

/** how long a connection and each answer may take, in milliseconds */
const patienceMs = 2000
/** a new database is a copy of a template: that takes a slow disk a while */
const workPatienceMs = 60_000

/** A connection as far as it is needed here. */
export interface Sql {
  /** the first column of each row */
  readonly texts: (query: string, values?: readonly unknown[]) => Promise<string[]>
  readonly run: (statement: string) => Promise<void>
  /** an identifier and a text as they stand in a statement */
  readonly name: (identifier: string) => string
  readonly literal: (text: string) => string
}

/** Does `work` as the superuser; the connection is closed at the end. Rejects when the server is silent for too long. */
export async function withPostgres<T>(
  { host, port, password }: PostgresServer,
  work: (sql: Sql) => Promise<T>,
  queryPatienceMs: number = workPatienceMs,
): Promise<T> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    host,
    port,
    password,
    user: superuser,
    database: superuser,
    application_name: 'evplat',
    ssl: false,
    connectionTimeoutMillis: patienceMs,
    query_timeout: queryPatienceMs,
  })
  // a connection that breaks between two questions is told by the next one
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(sqlOf(client))
  } finally {
    // a server that does not answer would not say goodbye either
    void client.end().catch(() => undefined)
  }
}

function sqlOf(client: Client): Sql {
  return {
    texts: async (query, values = []) => {
      const { rows } = await client.query<unknown[]>({ text: query, values: [...values], rowMode: 'array' })
      return rows.map(([first]) => String(first))
    },
    run: async (statement) => void (await client.query(statement)),
    name: (identifier) => client.escapeIdentifier(identifier),
    literal: (text) => client.escapeLiteral(text),
  }
}

/** Asks what every client will ask. Throws when it is not answered. */
export function askPostgres(server: PostgresServer): Promise<void> {
  return withPostgres(server, async ({ texts }) => void (await texts('select 1')), patienceMs)
}

export interface PostgresOwner {
  /** also the name of the database */
  readonly name: string
  readonly password: string
}

/**
 * Sees to it that each service has a role with its password and a database of its own, which the others do not see.
 * What is there stays as it is. Throws what the server refuses.
 */
export function preparePostgres(server: PostgresServer, services: readonly PostgresOwner[]): Promise<void> {
  return withPostgres(server, async (sql) => {
    const names = services.map(({ name }) => name)
    const roles = new Set(await sql.texts('select rolname from pg_roles where rolname = any($1)', [names]))
    const databases = new Set(await sql.texts('select datname from pg_database where datname = any($1)', [names]))
    for (const service of services) {
      const [name, password] = [sql.name(service.name), sql.literal(service.password)]
      await sql.run(`${roles.has(service.name) ? 'alter' : 'create'} role ${name} login password ${password}`)
      if (!databases.has(service.name)) await sql.run(`create database ${name} owner ${name}`)
      await sql.run(`revoke all on database ${name} from public`)
    }
  })
}
