// The contract's service for a bench of your own beside it: `npm run bench -- service-peer` bundles it, starts a registry, prints how to
// start both, and goes on until Ctrl-C. The broker is yours: KAFKA_BROKERS of what you start.
import { resolve } from 'node:path'
import { startEmbeddedSide } from './support/sides.ts'
import { bundle, fileOf } from './service/programs.ts'

await bundle(['main'])
const embedded = await startEmbeddedSide()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void embedded.stop())
process.stdout.write(`the registry: SCHEMA_REGISTRY_URL=${embedded.registryUrl}
the service:  node ${resolve(fileOf('main'))}
its environment: SERVER_PORT, KAFKA_BOOTSTRAP_SERVERS, SCHEMA_REGISTRY_URL, PROFILE=orders|payments, HANDLER=noop|produce, GROUP
`)
