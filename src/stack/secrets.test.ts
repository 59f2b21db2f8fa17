import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/evplat.ts'
import { layoutOf } from './layout.ts'
import { ensureSecrets, findSecret, readSecret, secretFile } from './secrets.ts'

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

test('secrets are random, URL-safe, without a newline, and for this user alone', async () => {
  const layout = layoutOf(temporaryFolder())
  await ensureSecrets(layout, ['postgres', 'postgres-orders', 'mongodb-keyfile'])
  const [one, other] = [await readSecret(layout, 'postgres'), await readSecret(layout, 'postgres-orders')]
  expect(one).toMatch(/^[\w-]{32}$/)
  expect(other).toMatch(/^[\w-]{32}$/)
  expect(one).not.toBe(other)
  expect(Buffer.from(await readSecret(layout, 'mongodb-keyfile'), 'base64')).toHaveLength(756)
  expect(await modeOf(join(layout.root, 'secrets'))).toBe('700')
  for (const name of await readdir(join(layout.root, 'secrets')))
    expect([name, await modeOf(join(layout.root, 'secrets', name))]).toEqual([name, '600'])
})

test('a secret that is there is kept, an empty file is none, and an open folder is closed', async () => {
  const layout = layoutOf(temporaryFolder())
  await mkdir(join(layout.root, 'secrets'), { recursive: true })
  await chmod(join(layout.root, 'secrets'), 0o755)
  await writeFile(secretFile(layout, 'postgres'), 'kept')
  await writeFile(secretFile(layout, 'mongodb'), '')
  await ensureSecrets(layout, ['postgres', 'mongodb'])
  expect(await readSecret(layout, 'postgres')).toBe('kept')
  expect(await readFile(secretFile(layout, 'mongodb'), 'utf8')).toHaveLength(32)
  expect(await modeOf(join(layout.root, 'secrets'))).toBe('700')
})

test('a secret that is gone is told, and not made anew behind the back of the data', async () => {
  const layout = layoutOf(temporaryFolder())
  expect(await findSecret(layout, 'postgres')).toBeUndefined()
  await expect(readSecret(layout, 'postgres')).rejects.toMatchObject({ code: 'stack-unreadable' })
  await ensureSecrets(layout, [])
  await expect(readdir(layout.root)).rejects.toMatchObject({ code: 'ENOENT' })
})
