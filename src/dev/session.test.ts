import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type DevService, mattersToService, runSession } from './session.ts'

const patience = { stopMs: 5000, firstPauseMs: 20, longestPauseMs: 50, steadyMs: 10_000 }
const program = (text: string): string =>
  `console.log(${JSON.stringify(text)}); setInterval(() => {}, 1000); process.on('SIGTERM', () => { console.log('bye'); process.exit(0) })\n`

let folder = ''
let end = new AbortController()
let session: Promise<void> = Promise.resolve()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evplat-session-'))
  for (const name of ['a', 'b']) {
    mkdirSync(join(folder, 'services', name, 'src'), { recursive: true })
    writeFileSync(join(folder, 'services', name, 'src/main.js'), program(`${name} is up`))
  }
  mkdirSync(join(folder, 'schemas'))
  writeFileSync(join(folder, 'platform.yaml'), 'a')
  end = new AbortController()
})
afterEach(async () => {
  end.abort()
  await session
  rmSync(folder, { recursive: true, force: true })
})

const serviceOf = (name: string): DevService => ({
  name,
  folder: join(folder, 'services', name),
  command: [process.execPath, 'src/main.js'],
  env: {},
})
const until = (check: () => unknown): Promise<unknown> => vi.waitUntil(check, { timeout: 20_000, interval: 20 })

function begin(first: string[] | undefined) {
  const seen = { lines: [] as string[], said: [] as string[], prepared: 0 }
  const declared = { names: first, fits: true }
  session = runSession(
    {
      folder,
      prepare: () => {
        seen.prepared++
        return Promise.resolve(declared.fits)
      },
      services: () => Promise.resolve(declared.names?.map(serviceOf)),
      schemaFolders: () => Promise.resolve([join(folder, 'schemas')]),
    },
    { line: (name, text) => seen.lines.push(`${name}: ${text}`), say: (message) => seen.said.push(message) },
    { signal: end.signal, patience },
  )
  return { seen, declared }
}

describe('a session', () => {
  test('starts a service anew when its code changes, and leaves the others alone', async () => {
    const { seen } = begin(['a', 'b'])
    await until(() => seen.lines.length === 2)
    writeFileSync(join(folder, 'services/a/src/main.js'), program('a is new'))
    await until(() => seen.lines.includes('a: a is new'))
    expect(seen.lines.slice(2)).toEqual(['a: bye', 'a: a is new'])
    expect(seen.said).toEqual(['a: src/main.js changed'])
    expect(seen.prepared).toBe(1)
    end.abort()
    await session
    expect(seen.lines.slice(4).toSorted()).toEqual(['a: bye', 'b: bye'])
  })

  test('applies a schema that changes, and what platform.yaml declares by now runs', async () => {
    const { seen, declared } = begin(['a'])
    await until(() => seen.lines.length === 1)
    writeFileSync(join(folder, 'schemas/x.avsc'), '{}')
    await until(() => seen.prepared === 2)
    declared.names = ['b']
    writeFileSync(join(folder, 'platform.yaml'), 'b')
    await until(() => seen.lines.length === 3)
    expect(seen.lines).toEqual(['a: a is up', 'a: bye', 'b: b is up'])
  })

  test('goes on with what runs while platform.yaml has errors, or can not be applied, and begins when it is mended', async () => {
    const { seen, declared } = begin(undefined)
    await until(() => seen.said.length === 1)
    expect(seen).toEqual({ lines: [], said: ['waiting for a change'], prepared: 0 })
    declared.names = ['a']
    writeFileSync(join(folder, 'platform.yaml'), 'mended')
    await until(() => seen.lines.length === 1)
    declared.fits = false
    declared.names = ['a', 'b']
    writeFileSync(join(folder, 'platform.yaml'), 'b, and a topic that does not fit')
    await until(() => seen.said.length === 2)
    declared.fits = true
    writeFileSync(join(folder, 'platform.yaml'), 'b')
    await until(() => seen.lines.length === 2)
    expect(seen.lines).toEqual(['a: a is up', 'b: b is up'])
  })

  test('tells of a service that does not stay up, and the others go on', async () => {
    const { seen } = begin(['a', 'b'])
    await until(() => seen.lines.length === 2)
    writeFileSync(join(folder, 'services/a/src/main.js'), 'process.exit(7)\n')
    await until(() => seen.said.length >= 3)
    expect(seen.said.slice(0, 2)).toEqual([
      'a: src/main.js changed',
      'a ended with exit code 7; started again in 0.02 s',
    ])
    writeFileSync(join(folder, 'services/a/src/main.js'), program('a is mended'))
    await until(() => seen.lines.includes('a: a is mended'))
    expect(seen.lines.filter((line) => line.startsWith('b'))).toEqual(['b: b is up'])
  })
})

test('code and settings of a service matter, its tests do not', () => {
  const paths = [
    'src/service.ts',
    'src/service.test.ts',
    'application.yaml',
    'application-dev.yaml',
    '.env',
    'README.md',
  ]
  expect(paths.filter(mattersToService)).toEqual(['src/service.ts', 'application.yaml', 'application-dev.yaml', '.env'])
})
