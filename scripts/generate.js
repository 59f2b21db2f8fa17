// `npm run generate`: writes the files that are made from the sources (scripts/generated.ts).
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

async function load(entry) {
  const bundle = join(root, '.cache', `${basename(entry, '.ts')}.mjs`)
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
  return import(pathToFileURL(bundle).href)
}

function write({ file, content }) {
  const path = join(root, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content())
  process.stdout.write(`${file}\n`)
}

process.chdir(root)
// the pages come from the program as it is with the sources that are made first
const { generatedSources } = await load('scripts/generated-sources.ts')
for (const each of generatedSources) write(each)
const { generatedFiles } = await load('scripts/generated.ts')
for (const each of generatedFiles) if (!generatedSources.some(({ file }) => file === each.file)) write(each)
