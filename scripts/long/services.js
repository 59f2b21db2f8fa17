// `npm run long:services -- -h`: see test/service/long/main.ts.
import { runTypeScript } from '../run-typescript.js'

process.exitCode = await runTypeScript('test/service/long/main.ts', process.argv.slice(2))
