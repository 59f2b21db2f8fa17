// `npm run long:docker -- --size N [--seed S]`: see test/docker/long/main.ts.
import { runTypeScript } from '../run-typescript.js'
import { setUp } from '../set-up.js'

// the terminal sends Ctrl-C to the run, too, which ends in peace
process.on('SIGINT', () => undefined)
setUp({ withTools: true })
process.exitCode = await runTypeScript('test/docker/long/main.ts', process.argv.slice(2))
