// `npm run record:differential`: see test/differential/record.ts.
import { runTypeScript } from './run-typescript.js'

process.exitCode = await runTypeScript('test/differential/record.ts', process.argv.slice(2))
