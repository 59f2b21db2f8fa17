// Runs in the thread in which Node loads modules (node:module, "Customization Hooks").
import type { transform } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { type LoadHook, createRequire } from 'node:module'
import { join } from 'node:path'
import { versions } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'

interface Esbuild {
  readonly transform: typeof transform
}

let esbuild: Promise<Esbuild> | undefined

/** `project` is the folder whose esbuild is taken. */
export function initialize({ project }: { readonly project: string }): void {
  esbuild = loadEsbuild(project)
  // told by the first file that needs it
  esbuild.catch(() => undefined)
}

async function loadEsbuild(project: string): Promise<Esbuild> {
  const path = await Promise.resolve(createRequire(join(project, 'package.json')))
    .then((require) => require.resolve('esbuild'))
    .catch((thrown: unknown) => {
      throw new Error(
        `Node ${versions.node} does not run TypeScript by itself: take Node 22.18 or newer, or \`npm install --save-dev esbuild\``,
        { cause: thrown },
      )
    })
  const loaded: { readonly default: Esbuild } = await import(pathToFileURL(path).href)
  return loaded.default
}

/** As Node itself does it: only types are taken out, lines stay where they are told, and nothing under node_modules is touched. */
export const load: LoadHook = async (url, context, nextLoad) => {
  if (!url.startsWith('file:') || !/\.m?ts$/.test(url.replace(/[?#].*$/, '')) || url.includes('/node_modules/'))
    return nextLoad(url, context)
  const file = fileURLToPath(url)
  const compiler = await esbuild!
  const { code } = await compiler.transform(await readFile(file, 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: `node${versions.node}`,
    sourcefile: file,
    sourcemap: 'inline',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  })
  return { format: 'module', source: code, shortCircuit: true }
}
