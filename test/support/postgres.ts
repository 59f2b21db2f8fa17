// The PostgreSQL of the user's cache, for tests: whether this machine can have it, and questions to one that runs.
import pg from 'pg'
import { EvplatError } from '../../src/core/errors.ts'
import { findPostgres } from '../../src/stack/databases/postgres/find-postgres.ts'
import { ownerFor } from '../../src/stack/databases/postgres/owner.ts'

/** Why this machine can't run PostgreSQL, or undefined when it can. It is fetched here, once. */
export async function missingPostgres(): Promise<string | undefined> {
  try {
    const quiet = { env: process.env, say: () => undefined, progress: () => undefined }
    await findPostgres(await ownerFor('/nowhere'), quiet)
    return undefined
  } catch (thrown) {
    if (thrown instanceof EvplatError) return thrown.message
    throw thrown
  }
}

/** Asks one question at a URL, and answers the rows, each as a list. */
export async function askSql(url: string, query: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    return (await client.query<unknown[]>({ text: query, rowMode: 'array' })).rows
  } finally {
    await client.end()
  }
}
