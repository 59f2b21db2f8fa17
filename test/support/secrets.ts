// Secrets that are planted, and a search for them in everything that a program leaves behind.
import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** where it was planted -> the secret */
export type Secrets = Readonly<Record<string, string>>

/** A new secret for each place; `%` and `+` are there to be written in more than one way. */
export function newSecrets<const P extends string>(...places: readonly P[]): Readonly<Record<P, string>> {
  const secret = (): string => `Pw%+${randomBytes(9).toString('hex')}`
  return Object.fromEntries(places.map((place) => [place, secret()])) as Record<P, string>
}

/** who has the secrets at a registry */
export const user = 'ann'

/** A secret as it may be written: as it is, in a URL, in a header, in base64. */
function formsOf(secret: string): string[] {
  const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '')
  return [secret, encodeURIComponent(secret), base64(secret), base64(`${user}:${secret}`)]
}

/** The places whose secrets a text holds. */
export function secretsIn(text: string, secrets: Secrets): string[] {
  return Object.entries(secrets).flatMap(([place, secret]) =>
    formsOf(secret).some((form) => text.includes(form)) ? [place] : [],
  )
}

/** The same for all files below a folder but those that are named: `path: place`. */
export function secretsBelow(folder: string, secrets: Secrets, except: readonly string[] = []): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.flatMap(({ parentPath, name }) => {
    const path = join(parentPath, name).slice(folder.length + 1)
    if (except.includes(path)) return []
    return secretsIn(readFileSync(join(folder, path), 'latin1'), secrets).map((place) => `${path}: ${place}`)
  })
}
