// The process of the embedded runtime: `embedded-process.js --kafka 9092 --registry 8081 --faults 20001 --data FOLDER`, and
// `--platform FOLDER`, which only tells whose it is. It ends on SIGTERM with code 0, and with code 1 and an ERROR line where it can't serve.
import { parseArgs } from 'node:util'
import { serveFaults } from '../../broker/faults/control.ts'
import { apiNames } from '../../broker/handlers.ts'
import type { Recovery } from '../../broker/storage/store.ts'
import { EvplatError } from '../../core/errors.ts'
import { startParts } from './parts.ts'

function log(level: 'INFO' | 'WARN' | 'ERROR', message: string): void {
  process.stdout.write(`${new Date().toISOString()} ${level} ${message}\n`)
}

function textOf(thrown: unknown): string {
  if (thrown instanceof EvplatError) return thrown.message
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}

function tellRecovery({ logs, readBytes, cutBytes }: Recovery): void {
  log('INFO', `no clean stop before: ${logs} logs looked through, ${readBytes} bytes read, ${cutBytes} bytes cut out`)
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const options = { kafka: text, registry: text, faults: text, data: text, platform: text }
  const { values } = parseArgs({ options })
  const parts = await startParts({
    data: values.data!,
    ports: { kafka: Number(values.kafka), registry: Number(values.registry) },
    onTrouble: (message) => log('WARN', message),
  })
  if (parts.broker.recovery) tellRecovery(parts.broker.recovery)
  const control = await serveFaults(parts.broker.faults, apiNames, Number(values.faults))
  log('INFO', `Kafka at ${parts.broker.bootstrap}, Schema Registry at ${parts.registryUrl}, faults at ${control.url}`)
  log('INFO', 'for development, tests and CI: it listens on this machine alone, and keeps one copy of everything')
  const stop = async (): Promise<void> => {
    log('INFO', 'stops')
    await control.close()
    await parts.close()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
}

main().catch((thrown: unknown) => {
  log('ERROR', textOf(thrown))
  process.exit(1)
})
