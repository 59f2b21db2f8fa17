// The embedded stack as data: one process with three endpoints.
import { join } from 'node:path'
import type { StackSettings } from '../../platform/platform.ts'
import { stackFolders } from '../layout.ts'
import { describeBeside } from './beside-kafka.ts'
import type { DesiredStack, EmbeddedServer, HostedServer, NativeInputs } from './servers.ts'

/** the folder of its data, within that of the stack */
export const embeddedData = 'embedded'

/** what the embedded broker speaks, whatever is declared */
export const embeddedKafka: StackSettings['kafka'] = { version: '3.9', coordination: 'kraft', brokers: 1 }

/** The servers of an embedded stack on the given ports. */
export function describeEmbedded({
  settings,
  ports,
  folder,
}: Pick<NativeInputs, 'settings' | 'ports' | 'folder'>): DesiredStack {
  const kafka: EmbeddedServer = {
    kind: 'embedded',
    name: 'kafka',
    endpoint: `127.0.0.1:${ports.brokers[0]}`,
    ports: [ports.brokers[0]!],
    dependsOn: [],
    data: join(stackFolders.data, embeddedData),
  }
  const hosted = (name: string, port: number, path = ''): HostedServer => ({
    kind: 'hosted',
    name,
    endpoint: `http://127.0.0.1:${port}${path}`,
    ports: [port],
    dependsOn: [kafka.name],
    host: kafka.name,
  })
  return {
    servers: [
      kafka,
      hosted('schema-registry', ports.registry),
      hosted('faults', ports.faults!, '/faults'),
      ...describeBeside(settings, ports, folder),
    ],
    files: [],
  }
}

/** What the embedded runtime does otherwise than it is written, in one line; undefined when nothing. ZooKeeper by default was not asked for. */
export function embeddedNote({ kafka, places }: StackSettings): string | undefined {
  const { version, coordination, brokers } = kafka
  const parts = [
    ...(/^3\.9\b/.test(version) ? [] : [`as version 3.9, not ${version}`]),
    ...(coordination === 'zookeeper' && places?.coordination ? ['without ZooKeeper'] : []),
    ...(brokers > 1 ? [`as one broker, not ${brokers}`] : []),
  ]
  return parts.length === 0 ? undefined : `the embedded runtime runs Kafka ${parts.join(', ')}`
}
