// The process of our Schema Registry beside a native Kafka: `registry-process.js --port 8081 --bootstrap 127.0.0.1:9092`
// and `--platform FOLDER`, which only tells whose it is. In a container `--host 0.0.0.0` lets others reach it.
// It ends on SIGTERM with code 0, and with code 1 and an ERROR line where it can't serve.
import { parseArgs } from 'node:util'
import { waitFor } from '../../core/deadline.ts'
import { EvplatError } from '../../core/errors.ts'
import { Cluster } from '../../kafka/cluster.ts'
import { PartitionLog } from '../../kafka/write/partition-log.ts'
import { startRegistryServer } from '../../registry-server/start.ts'
import { ensureSchemasTopic, soleWriterLog } from './schemas-log.ts'

/** how long brokers may be away while this starts */
const connectPatienceMs = 60_000
/** an append gives up before the request that waits for it, which then can say why */
const appendTimeoutMs = 8_000

function log(level: 'INFO' | 'WARN' | 'ERROR', message: string): void {
  process.stdout.write(`${new Date().toISOString()} ${level} ${message}\n`)
}

/** One line, which `up` and `status` quote when this process ends. */
function textOf(thrown: unknown): string {
  if (!(thrown instanceof EvplatError))
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  const { said, hint } = thrown.parts
  const reason = said === undefined ? '' : `: ${said}`
  const next = hint === undefined ? '' : `; ${hint}`
  return `error[${thrown.code}]: ${thrown.message}${reason}${next}`
}

/** Waits for a broker that answers: one that is just being started again is no reason to give up. */
async function connect(bootstrap: readonly string[]): Promise<Cluster> {
  let problem: unknown
  const options = { clientId: 'evplat-schema-registry', connectTimeoutMs: 3000, requestTimeoutMs: 10_000 }
  const cluster = await waitFor(
    async () => {
      try {
        return await Cluster.connect({ bootstrap }, options)
      } catch (thrown) {
        if (!(thrown instanceof EvplatError) || thrown.code !== 'broker-unreachable') throw thrown
        problem = thrown
        return undefined
      }
    },
    { timeoutMs: connectPatienceMs, everyMs: 250 },
  )
  if (!cluster) throw problem
  return cluster
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { host: text, port: text, bootstrap: text, platform: text } })
  const { host, bootstrap = '' } = values
  const closings: (() => Promise<void> | void)[] = []
  const stop = async (): Promise<void> => {
    log('INFO', 'stops')
    for (const close of closings) await close()
    process.exit(0)
  }
  // from the first moment on: as process 1 of a container it is not ended by the signal alone
  process.once('SIGTERM', () => void stop())
  log('INFO', `connects to ${bootstrap}`)
  const cluster = await connect(bootstrap.split(','))
  closings.unshift(() => cluster.close())
  const { clusterId } = await cluster.describe()
  await ensureSchemasTopic(cluster)
  const partition = new PartitionLog(cluster, {
    topic: '_schemas',
    appendTimeoutMs,
    onTrouble: (message) => log('WARN', message),
  })
  const server = await startRegistryServer({
    log: soleWriterLog(partition),
    port: Number(values.port),
    ...(host !== undefined && { host }),
    ...(clusterId !== null && { clusterId }),
    onBug: (thrown) => log('ERROR', textOf(thrown)),
  })
  closings.unshift(() => server.close())
  log('INFO', `serves at ${server.url}`)
  if (server.unreadableRecords > 0)
    log('WARN', `${server.unreadableRecords} records of _schemas could not be understood`)
}

main().catch((thrown: unknown) => {
  log('ERROR', textOf(thrown))
  process.exit(1)
})
