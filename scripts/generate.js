// `npm run generate`: writes the files that are made from the sources (scripts/generated.ts).
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const bundle = join(root, '.cache/generated.mjs')

await build({
  absWorkingDir: root,
  entryPoints: ['scripts/generated.ts'],
  outfile: bundle,
  bundle: true,
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  format: 'esm',
  platform: 'node',
  logLevel: 'warning',
})
const { generatedFiles } = await import(pathToFileURL(bundle).href)
for (const { file, content } of generatedFiles) {
  const path = join(root, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content())
  process.stdout.write(`${file}\n`)
}
