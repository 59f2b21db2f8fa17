// `npm run lab`: see test/docker/lab/README.md.
import { runTypeScript } from './run-typescript.js'
import { setUp } from './set-up.js'

// the terminal sends Ctrl-C to the laboratory, too, which ends in peace
process.on('SIGINT', () => undefined)
setUp({ withTools: true })
process.exitCode = await runTypeScript('test/docker/lab/main.ts', process.argv.slice(2))
