import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type FileChange, watchFiles } from './watch-files.ts'
import { mattersAtAll } from './watch-tree.ts'

let folder = ''
let end = new AbortController()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evplat-watch-'))
  mkdirSync(join(folder, 'services/a/src'), { recursive: true })
  mkdirSync(join(folder, 'services/a/node_modules/x'), { recursive: true })
  mkdirSync(join(folder, 'schemas'))
  writeFileSync(join(folder, 'services/a/src/service.ts'), 'one')
  writeFileSync(join(folder, 'schemas/a.avsc'), 'one')
  end = new AbortController()
})
afterEach(() => {
  end.abort()
  rmSync(folder, { recursive: true, force: true })
})

function changesOf(): { readonly all: FileChange<string>[]; readonly troubles: string[] } {
  const all: FileChange<string>[] = []
  const troubles: string[] = []
  watchFiles(
    [
      { name: 'a', folder: join(folder, 'services/a'), deep: true, matters: (path) => /\.(?:ts|yaml)$/.test(path) },
      { name: 'schemas', folder: join(folder, 'schemas'), deep: true, matters: () => true },
      { name: 'platform', folder, deep: false, matters: (path) => path === 'platform.yaml' },
    ],
    { changed: (changes) => all.push(...changes), trouble: (message) => troubles.push(message) },
    end.signal,
  )
  return { all, troubles }
}
const until = (check: () => unknown): Promise<unknown> => vi.waitUntil(check, { timeout: 20_000, interval: 20 })

describe('files that are watched', () => {
  test('what changes together is told together, by the place that it belongs to', async () => {
    const { all, troubles } = changesOf()
    writeFileSync(join(folder, 'services/a/src/service.ts'), 'two')
    writeFileSync(join(folder, 'services/a/application.yaml'), 'server: {}')
    writeFileSync(join(folder, 'schemas/a.avsc'), 'two')
    await until(() => all.length >= 2)
    expect(all.toSorted((x, y) => x.name.localeCompare(y.name))).toEqual([
      { name: 'a', paths: ['application.yaml', 'src/service.ts'] },
      { name: 'schemas', paths: ['a.avsc'] },
    ])
    expect(troubles).toEqual([])
  })

  test('what is written anew with what it held before is no change', async () => {
    const { all } = changesOf()
    writeFileSync(join(folder, 'services/a/src/service.ts'), 'two')
    await until(() => all.length === 1)
    utimesSync(join(folder, 'services/a/src/service.ts'), new Date(), new Date())
    writeFileSync(join(folder, 'services/a/src/service.ts'), 'two')
    await sleep(400)
    writeFileSync(join(folder, 'services/a/src/other.ts'), 'new')
    await until(() => all.length === 2)
    expect(all[1]).toEqual({ name: 'a', paths: ['src/other.ts'] })
  })

  test('dependencies, and files that do not matter, are none; one that is renamed over another, or deleted, is', async () => {
    const { all } = changesOf()
    writeFileSync(join(folder, 'services/a/node_modules/x/x.ts'), 'x')
    writeFileSync(join(folder, 'services/a/notes.txt'), 'x')
    writeFileSync(join(folder, 'services/a/src/.service.ts.tmp'), 'three')
    renameSync(join(folder, 'services/a/src/.service.ts.tmp'), join(folder, 'services/a/src/service.ts'))
    await until(() => all.length === 1)
    expect(all).toEqual([{ name: 'a', paths: ['src/service.ts'] }])
    rmSync(join(folder, 'services/a/src/service.ts'))
    await until(() => all.length === 2)
    expect(all[1]).toEqual({ name: 'a', paths: ['src/service.ts'] })
  })

  test('one file of a folder is watched, and not the folders in it', async () => {
    const { all } = changesOf()
    writeFileSync(join(folder, 'services/platform.yaml'), 'one')
    writeFileSync(join(folder, 'other.yaml'), 'one')
    writeFileSync(join(folder, 'platform.yaml.tmp'), 'one')
    renameSync(join(folder, 'platform.yaml.tmp'), join(folder, 'platform.yaml'))
    await until(() => all.length === 1)
    expect(all).toEqual([{ name: 'platform', paths: ['platform.yaml'] }])
  })

  test('folders that come later are watched, with what is in them, and again when they come back', async () => {
    const { all } = changesOf()
    mkdirSync(join(folder, 'services/a/src/deep/er'), { recursive: true })
    writeFileSync(join(folder, 'services/a/src/deep/er/one.ts'), 'one')
    await until(() => all.length === 1)
    writeFileSync(join(folder, 'services/a/src/deep/er/one.ts'), 'two')
    await until(() => all.length === 2)
    rmSync(join(folder, 'services/a/src/deep'), { recursive: true })
    await until(() => all.length === 3)
    mkdirSync(join(folder, 'services/a/src/deep/er'), { recursive: true })
    writeFileSync(join(folder, 'services/a/src/deep/er/one.ts'), 'three')
    await until(() => all.length === 4)
    const same = { name: 'a', paths: ['src/deep/er/one.ts'] }
    expect(all).toEqual([same, same, same, same])
  })

  test('a folder that is not there is told, and the others go on', async () => {
    rmSync(join(folder, 'schemas'), { recursive: true })
    const { all, troubles } = changesOf()
    writeFileSync(join(folder, 'services/a/src/service.ts'), 'two')
    await until(() => all.length === 1 && troubles.length === 1)
    expect(troubles[0]).toContain(join(folder, 'schemas'))
  })
})

test('what editors leave beside a file never matters', () => {
  const paths = ['src/a.ts', 'src/a.ts~', 'src/.a.ts.swp', 'src/.#a.ts', 'dist/main.js', 'src/distance.ts', '.git/HEAD']
  expect(paths.filter(mattersAtAll)).toEqual(['src/a.ts', 'src/distance.ts'])
})
