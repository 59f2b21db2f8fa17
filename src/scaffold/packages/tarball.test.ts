import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import tar from 'tar-fs'
import { afterAll, describe, expect, test } from 'vitest'
import { type PackedFile, filesBelow, tarball } from './tarball.ts'

const folder = mkdtempSync(join(tmpdir(), 'evplat-tarball-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const deep = `dist/${'a-folder-with-a-name/'.repeat(8)}file.js`
const files: readonly PackedFile[] = [
  { path: 'package.json', content: '{}\n' },
  { path: 'bin/run.js', content: '#!/usr/bin/env node\n' },
  { path: 'dist/data.bin', content: Buffer.from([0, 255, 10, 13]) },
  { path: 'dist/empty', content: '' },
  { path: deep, content: 'as long as paths get' },
]

async function unpack(archive: Buffer): Promise<string> {
  const to = mkdtempSync(join(folder, 'out-'))
  await pipeline(Readable.from([archive]), createGunzip(), tar.extract(to))
  return join(to, 'package')
}

describe('a tarball', () => {
  test('unpacks to the files it was made of', async () => {
    const out = await unpack(await tarball(files))
    const found = await filesBelow(out)
    expect(new Map(found.map(({ path, content }) => [path, Buffer.from(content)]))).toEqual(
      new Map(files.map(({ path, content }) => [path, Buffer.from(content)])),
    )
    const isExecutable = (path: string): boolean => (statSync(join(out, path)).mode & 0o111) !== 0
    expect(files.filter(({ path }) => isExecutable(path)).map(({ path }) => path)).toEqual(['bin/run.js'])
  })

  test('is the same bytes in whatever order, from memory or from what it was unpacked to', async () => {
    const first = await tarball(files)
    expect((await tarball(files.toReversed())).equals(first)).toBe(true)
    expect((await tarball(await filesBelow(await unpack(first)))).equals(first)).toBe(true)
    expect((await tarball(files.slice(1))).equals(first)).toBe(false)
  })
})

test('packages that are installed below a package are no part of it', async () => {
  const root = join(folder, 'root')
  mkdirSync(join(root, 'node_modules/other'), { recursive: true })
  writeFileSync(join(root, 'node_modules/other/index.js'), '')
  writeFileSync(join(root, 'own.js'), 'own')
  const found = await filesBelow(root)
  expect(found.map(({ path }) => path)).toEqual(['own.js'])
  expect(String(found[0]!.content)).toBe(readFileSync(join(root, 'own.js'), 'utf8'))
})
