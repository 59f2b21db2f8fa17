// types/service: the types of `@evplat/service`, as its sources declare them. They stand in the repository because a clone makes the
// package without the compiler, which only those have who work on evplat.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix, resolve } from 'node:path'
import type { GeneratedFile } from '../generated-sources.ts'

/** What src/service/main.ts hands on, and what that is declared with. */
const modules = ['core/json', 'service/define-service', 'service/definition', 'service/main', 'service/run/run']

const options =
  '--ignoreConfig --declaration --emitDeclarationOnly --noCheck --strict --target es2023 --module nodenext --types node --rootDir src --rewriteRelativeImportExtensions'

let declared: ReadonlyMap<string, string> | undefined

function declarations(): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'evplat-types-'))
  try {
    const args = [...options.split(' '), '--outDir', folder, 'src/service/main.ts']
    const tsc = spawnSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...args], { encoding: 'utf8' })
    if (tsc.status !== 0) throw new Error(tsc.stdout + tsc.stderr)
    return new Map(modules.map((name) => [name, readFileSync(join(folder, `${name}.d.ts`), 'utf8')]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function declarationOf(name: string): string {
  declared ??= declarations()
  const text = declared.get(name)!.replaceAll(/(?<=(?:from |import\()['"])(\.[^'"]+)\.ts(?=['"])/g, (_, to: string) => {
    const imported = posix.join(posix.dirname(name), to)
    if (!declared!.has(imported))
      throw new Error(`src/${name}.ts names types of src/${imported}.ts: add it to scripts/sources/service-types.ts`)
    return `${to}.js`
  })
  return `${text.trimEnd()}\n`
}

export const serviceTypes: readonly GeneratedFile[] = modules.map((name) => ({
  file: `types/service/${name}.d.ts`,
  content: () => declarationOf(name),
}))
