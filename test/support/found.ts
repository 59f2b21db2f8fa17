// What a machine has that tests need, or why it has not, and where what was fetched for them is kept.
import { join } from 'node:path'
import { cacheFolder } from '../../src/stack/processes/operating-system.ts'

/** What a machine has, or why it has not: a test that needs it is skipped with that reason. */
export type Found<T> = { readonly value: T } | { readonly missing: string }

/** Why it is missing; undefined where it is there. */
export function missingOf(found: Found<unknown>): string | undefined {
  return 'missing' in found ? found.missing : undefined
}

/** What was found. Throws why it is missing. */
export function needed<T>(found: Found<T>): T {
  if ('missing' in found) throw new Error(found.missing)
  return found.value
}

/** A folder for what is fetched or built once, for every clone of this user. */
export function fetchedFolder(...names: readonly string[]): string {
  return join(cacheFolder(process.env), ...names)
}
