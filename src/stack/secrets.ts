// The passwords of the servers of a stack, one file each: `.evplat/secrets/<name>`. They are made once, live as long as the data, and
// are read by this user alone. They are never printed.
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EvplatError, systemCode } from '../core/errors.ts'
import { onFile } from '../core/file-error.ts'
import { writeAtomic } from '../core/files.ts'
import { type Layout, secretsFolder } from './layout.ts'

/** `postgres`, `mongodb`: of the administrator. `postgres-<service>`, `mongodb-<service>`: of a service. `mongodb-keyfile`. */
export type SecretName = string

/** what the members of a replica set know each other by: MongoDB wants base64, at most 1024 characters of it */
const keyFile = 'mongodb-keyfile'
const keyFileBytes = 756

/** 24 bytes are 32 characters of base64url, which need no escaping in a URL, in SQL or in a shell. */
function newSecret(name: SecretName): string {
  return name === keyFile ? randomBytes(keyFileBytes).toString('base64') : randomBytes(24).toString('base64url')
}

/** The file of a secret, absolute. */
export function secretFile({ root }: Layout, name: SecretName): string {
  return join(root, secretsFolder, name)
}

/** Makes the secrets that are not there yet. The caller holds the lock of the stack. Throws `file-unusable`. */
export async function ensureSecrets(layout: Layout, names: readonly SecretName[]): Promise<void> {
  if (names.length === 0) return
  const folder = join(layout.root, secretsFolder)
  await onFile(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    // a folder that was there may have been opened to others
    await chmod(folder, 0o700)
  })
  for (const name of names)
    if ((await findSecret(layout, name)) === undefined)
      await writeAtomic(secretFile(layout, name), newSecret(name), 0o600)
}

/** A secret, or undefined where there is none; an empty file is none. */
export async function findSecret(layout: Layout, name: SecretName): Promise<string | undefined> {
  const path = secretFile(layout, name)
  const text = await onFile(path, () =>
    readFile(path, 'utf8').catch((thrown: unknown) => {
      if (systemCode(thrown) === 'ENOENT') return ''
      throw thrown
    }),
  )
  return text === '' ? undefined : text
}

/** A secret that was made before. Throws `stack-unreadable` where it is gone. */
export async function readSecret(layout: Layout, name: SecretName): Promise<string> {
  const secret = await findSecret(layout, name)
  if (secret !== undefined) return secret
  throw new EvplatError('stack-unreadable', `the password "${secretFile(layout, name)}" is gone`, {
    hint: 'put it back from a backup; or delete the data with it by `evplat down --volumes`, then `evplat up`',
  })
}
