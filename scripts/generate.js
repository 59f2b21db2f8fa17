// `npm run generate`: writes the files that are made from the sources (scripts/generated.ts).
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadTypeScript } from './run-typescript.js'

const root = fileURLToPath(new URL('..', import.meta.url))

async function write({ file, content }) {
  const path = join(root, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, await content())
  process.stdout.write(`${file}\n`)
}

process.chdir(root)
// the pages come from the program as it is with the sources that are made first
const { generatedSources } = await loadTypeScript('scripts/generated-sources.ts')
for (const each of generatedSources) await write(each)
const { generatedFiles } = await loadTypeScript('scripts/generated.ts')
for (const each of generatedFiles) if (!generatedSources.some(({ file }) => file === each.file)) await write(each)
