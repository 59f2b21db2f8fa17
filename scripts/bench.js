// `npm run bench -- NAME`: bundles bench/NAME.ts and runs it.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runTypeScript } from './run-typescript.js'

const [name, ...args] = process.argv.slice(2)
const names = readdirSync(fileURLToPath(new URL('../bench', import.meta.url)))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
if (names.includes(name)) process.exitCode = await runTypeScript(`bench/${name}.ts`, args)
else {
  process.stderr.write(`usage: npm run bench -- NAME, one of ${names.join(', ')}\n`)
  process.exitCode = 64
}
