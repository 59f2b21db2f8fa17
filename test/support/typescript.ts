// Compiles TypeScript with the compiler of this repository, as strictly as it goes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { writeFolder } from './txtar.ts'

const compilerOptions = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'nodenext',
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  types: ['node'],
  typeRoots: [resolve('node_modules/@types')],
  paths: { '@evplat/service': [resolve('src/service/definition.ts')] },
}

/** What the compiler says of some files: nothing where they have no errors. */
export async function compile(files: Readonly<Record<string, string>>): Promise<string> {
  const settings = JSON.stringify({ compilerOptions, files: Object.keys(files) })
  const source = { 'tsconfig.json': settings, 'package.json': '{"type":"module"}', ...files }
  const folder = await writeFolder(Object.entries(source))
  const tsc = spawn(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', join(folder, 'tsconfig.json')])
  const [said, complaint] = await Promise.all([text(tsc.stdout), text(tsc.stderr), once(tsc, 'close')])
  return said + complaint
}
