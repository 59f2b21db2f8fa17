// `npm run long:crash -- --size N [--seed S]`: see test/crash/main.ts.
import { runTypeScript } from '../run-typescript.js'
import { setUp } from '../set-up.js'

setUp({ withTools: true })
process.exitCode = await runTypeScript('test/crash/main.ts', process.argv.slice(2))
