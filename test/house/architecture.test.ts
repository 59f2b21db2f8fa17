// The borders of design: which folder may import which, and what no folder may do. The table is the documentation.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

const features = [
  'apply',
  'avro',
  'broker',
  'dev',
  'kafka',
  'plan',
  'platform',
  'protocol',
  'registry',
  'registry-server',
  'scaffold',
  'service',
  'stack',
  'stream',
  'verify',
  'yaml',
]

/** folder -> folders that it may import; itself is always allowed */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  protocol: ['core'],
  avro: ['core'],
  yaml: ['core'],
  platform: ['yaml', 'avro', 'core'],
  plan: ['platform', 'avro', 'core'],
  apply: ['plan', 'platform', 'core'],
  verify: ['platform', 'plan', 'avro', 'core'],
  kafka: ['protocol', 'core'],
  registry: ['avro', 'core'],
  stream: ['protocol', 'avro', 'core'],
  scaffold: ['platform', 'avro', 'core'],
  service: ['protocol', 'kafka', 'registry', 'avro', 'yaml', 'core'],
  testing: ['service', 'stack', 'kafka', 'registry', 'core'],
  dev: ['core'],
  'registry-server': ['avro', 'core'],
  broker: ['protocol', 'core'],
  stack: ['platform', 'kafka', 'broker', 'registry-server', 'core'],
  views: [...features, 'core'],
  commands: [...features, 'views', 'core'],
  cli: ['commands', 'views', 'core'],
}

/** folders that others may import types from, but no code */
const typesOnly: readonly (readonly [from: string, to: string])[] = [
  ['stack', 'platform'],
  ['scaffold', 'platform'],
  ...features.map((feature) => ['views', feature] as const),
]

/** modules of Node and packages that only the named folders may import */
const wrappedBy: Record<string, readonly string[]> = {
  kafkajs: ['kafka'],
  fastify: ['service'],
  'prom-client': ['service'],
  dockerode: ['stack'],
  pg: ['stack'],
  avsc: ['avro'],
  commander: ['cli'],
  '@inquirer/prompts': ['commands'],
  ejs: ['scaffold'],
  pino: ['service'],
  '@opentelemetry/api': ['service'],
  yaml: ['yaml', 'platform', 'cli', 'scaffold'],
  zod: ['platform'],
}
const pureFolders = ['plan', 'protocol', 'avro', 'views']
const worldlyModules = [
  'node:fs',
  'node:fs/promises',
  'node:net',
  'node:tls',
  'node:http',
  'node:https',
  'node:child_process',
  'node:dns',
]

interface Import {
  readonly file: string
  readonly from: string
  readonly to: string
  readonly target: string
  readonly typeOnly: boolean
}

function sourceFiles(): string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => join('src', path))
}

const folderOf = (file: string): string => file.split(sep)[1]!

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(
    /(?:import|export)\s+(type\s+)?((?:[\w*{}\s,$]|\btype\b)*?)\s*from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|import\s+'([^']+)'/g,
  )
  return [...found].map(([, typeKeyword, names, named, lazy, bare]) => {
    const target = named ?? lazy ?? bare ?? ''
    const inner = /\{([^}]*)\}/.exec(names ?? '')?.[1]
    const allTypes =
      inner !== undefined &&
      !/^\s*\w/.test((names ?? '').replace(/\{[^}]*\}/, '').replace(',', '')) &&
      inner
        .split(',')
        .filter((n) => n.trim() !== '')
        .every((n) => n.trim().startsWith('type '))
    const to = target.startsWith('.') ? normalize(join(dirname(file), target)) : ''
    return { file, from: folderOf(file), to, target, typeOnly: typeKeyword !== undefined || allTypes }
  })
}

const all = sourceFiles().flatMap(importsOf)
const local = all.filter((i) => i.to.startsWith(`src${sep}`))

describe('the borders between folders', () => {
  test('every folder of src stands in the table', () => {
    const folders = new Set(sourceFiles().map(folderOf))
    expect([...folders].filter((folder) => !(folder in mayImport))).toEqual([])
  })

  test('a folder imports only what the table allows', () => {
    const wrong = local.filter((i) => folderOf(i.to) !== i.from && !mayImport[i.from]?.includes(folderOf(i.to)))
    expect(wrong.map((i) => `${i.file} imports ${i.target}`)).toEqual([])
  })

  test('where only types are shared, only types are imported', () => {
    const wrong = local.filter(
      (i) => !i.typeOnly && typesOnly.some(([from, to]) => from === i.from && to === folderOf(i.to)),
    )
    expect(wrong.map((i) => `${i.file} imports code of ${i.target}`)).toEqual([])
  })

  test('the command line loads commands lazily', () => {
    const eager = local.filter((i) => i.from === 'cli' && folderOf(i.to) === 'commands' && !i.typeOnly)
    const text = (file: string): string => readFileSync(file, 'utf8')
    expect(eager.filter((i) => !text(i.file).includes(`import('${i.target}')`)).map((i) => i.file)).toEqual([])
  })

  test('a library is imported only by the folder that wraps it', () => {
    const wrong = all.filter((i) => i.target in wrappedBy && !wrappedBy[i.target]!.includes(i.from))
    expect(wrong.map((i) => `${i.file} imports ${i.target}`)).toEqual([])
  })

  test('pure folders do no I/O, and plan never waits', () => {
    const wrong = all.filter((i) => pureFolders.includes(i.from) && worldlyModules.includes(i.target))
    expect(wrong.map((i) => `${i.file} imports ${i.target}`)).toEqual([])
    const waits = sourceFiles().filter(
      (f) => folderOf(f) === 'plan' && /\bawait\b|\bPromise\b/.test(readFileSync(f, 'utf8')),
    )
    expect(waits).toEqual([])
  })

  test('no file is a catch-all', () => {
    const names = sourceFiles().filter((f) => /(^|[/\\])(utils?|helpers?|common|misc|index|manager)\.ts$/.test(f))
    expect(names).toEqual([])
  })

  test('the files of the broker are small, its tests too', () => {
    const folders = ['src/broker', 'test/differential', 'test/groups', 'test/fuzz', 'test/clients']
    const files = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .map((path) => join(folder, path)),
    )
    const lines = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 1
    expect(files.filter((file) => lines(file) > 250)).toEqual([])
    const sizes = files.filter((file) => file.startsWith('src') && !file.endsWith('.test.ts')).map(lines)
    expect(sizes.toSorted((a, b) => a - b)[sizes.length >> 1]).toBeLessThanOrEqual(100)
  })
})
