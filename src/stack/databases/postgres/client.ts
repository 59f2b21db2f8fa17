// A connection to PostgreSQL, by the library pg, which is loaded with the first one.
import type { Client } from 'pg'
import { isVerifierOf, verifierOf } from './verifier.ts'

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
  /** the first two columns of each row */
  readonly pairs: (query: string, values: readonly unknown[]) => Promise<[string, string][]>
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
    pairs: async (query, values) => {
      const { rows } = await client.query<unknown[]>({ text: query, values: [...values], rowMode: 'array' })
      return rows.map(([first, second]) => [String(first), String(second)])
    },
    run: async (statement) => void (await client.query(statement)),
    name: (identifier) => client.escapeIdentifier(identifier),
    literal: (text) => client.escapeLiteral(text),
  }
}

/** Asks what every client will ask. Throws when it is not answered. */
export function askPostgres(server: PostgresServer): Promise<void> {
  return withPostgres(server, ({ run }) => run('select 1'), patienceMs)
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
    const roles = new Map(
      await sql.pairs(`select rolname, rolpassword from pg_authid where rolname = any($1)`, [names]),
    )
    const databases = new Map(
      await sql.pairs(
        `select datname, has_database_privilege('public', datname, 'connect') from pg_database where datname = any($1)`,
        [names],
      ),
    )
    for (const { name, password } of services) {
      const [quoted, verifier] = [sql.name(name), roles.get(name)]
      if (verifier === undefined || !isVerifierOf(password, verifier))
        await sql.run(
          `${verifier === undefined ? 'create' : 'alter'} role ${quoted} login password ${sql.literal(verifierOf(password))}`,
        )
      if (!databases.has(name)) await sql.run(`create database ${quoted} owner ${quoted}`)
      if (databases.get(name) !== 'false') await sql.run(`revoke all on database ${quoted} from public`)
    }
  })
}
