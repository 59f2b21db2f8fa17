// A broker in this process that ends with the test.
import { onTestFinished } from 'vitest'
import { type BrokerOptions, type RunningBroker, startBroker } from '../../src/broker/start.ts'
import { memoryFiles } from '../../src/broker/storage/memory-files.ts'
import type { Wire } from '../differential/wire.ts'
import { openWire } from '../differential/wire.ts'

/** Starts it, in memory where nothing else is said. A bug of its own fails the test. */
export async function memoryBroker(options: Partial<BrokerOptions> = {}): Promise<RunningBroker> {
  const bugs: unknown[] = []
  const onBug = (thrown: unknown): void => void bugs.push(thrown)
  const broker = await startBroker({ files: memoryFiles(), durability: 'memory', port: 0, onBug, ...options })
  onTestFinished(async () => {
    await broker.close()
    if (bugs.length > 0) throw bugs[0]
  })
  return broker
}

/** A connection that ends with the test. */
export async function wireTo(
  { port }: { readonly port: number },
  clientId = 'test',
  host = '127.0.0.1',
): Promise<Wire> {
  const wire = await openWire(host, port, clientId)
  onTestFinished(() => wire.close())
  return wire
}
