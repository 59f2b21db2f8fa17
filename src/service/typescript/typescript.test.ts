import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'evplat-typescript-'))
const project = join(folder, 'project')
const bare = join(folder, 'bare')
const register = join(folder, 'service/register.js')

beforeAll(async () => {
  await build({
    entryPoints: ['src/service/typescript/register.ts', 'src/service/typescript/hooks.ts'],
    outdir: join(folder, 'service'),
    format: 'esm',
    platform: 'node',
  })
  writeFileSync(join(folder, 'service/package.json'), '{ "type": "module" }')
  for (const each of [project, bare]) {
    mkdirSync(each)
    writeFileSync(join(each, 'package.json'), '{ "type": "module" }')
    writeFileSync(
      join(each, 'words.ts'),
      'export interface Word { readonly text: string }\nexport const one: Word = { text: "one" }\n',
    )
    writeFileSync(
      join(each, 'main.ts'),
      "import { type Word, one } from './words.ts'\nconst word: Word = one\nconsole.log(word.text)\nif (process.argv[2] === 'fail') throw new Error('here')\n",
    )
  }
  mkdirSync(join(project, 'node_modules'))
  symlinkSync(join(process.cwd(), 'node_modules/esbuild'), join(project, 'node_modules/esbuild'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(
  cwd: string,
  ...args: string[]
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const command = ['--enable-source-maps', '--import', pathToFileURL(register).href, 'main.ts', ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd, encoding: 'utf8', timeout: 30_000 })
  return { code: status, out: stdout, err: stderr }
}

describe('TypeScript on this Node', () => {
  test('runs as it is, with imports of types and of other files', () => {
    expect(run(project)).toEqual({ code: 0, out: 'one\n', err: '' })
  })

  test('tells errors at the line of the source', () => {
    const { code, err } = run(project, 'fail')
    expect(code).toBe(1)
    expect(err).toContain('main.ts:4')
  })

  const needsEsbuild = !('typescript' in process.features) || process.features.typescript === false
  test.skipIf(!needsEsbuild)('without esbuild says what to install (where this Node needs it)', () => {
    const { code, err } = run(bare)
    expect(code).toBe(1)
    expect(err).toContain(`Node ${process.versions.node} does not run TypeScript by itself`)
    expect(err).toContain('`npm install --save-dev esbuild`')
  })
})
