// How each JVM is started: small heaps, quick to start, away at once when its memory is used up.
import { stackFolders } from '../layout.ts'

const heaps = {
  zookeeper: ['-Xms32m', '-Xmx256m'],
  broker: ['-Xms64m', '-Xmx512m'],
  registry: ['-Xms64m', '-Xmx256m'],
} as const

/** What every JVM is told wherever it runs. */
const everywhere = [
  // the second compiler pays off after minutes of load, and costs at every start
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
]

/** Options for the JVM of a server in a container, whose image chooses the collector. */
export function containerJavaOptions(kind: keyof typeof heaps): string {
  return [...heaps[kind], ...everywhere].join(' ')
}

/** Options for the JVM of a server. `heapOptions` is KAFKA_HEAP_OPTS, which brokers take instead of their own, as Kafka's scripts do. */
export function javaOptions(kind: 'zookeeper' | 'broker', heapOptions: string | undefined): string[] {
  const own = kind === 'broker' ? heapOptions?.split(/\s+/).filter((option) => option !== '') : undefined
  return [
    ...(own && own.length > 0 ? own : heaps[kind]),
    '-XX:+UseSerialGC',
    ...everywhere,
    `-XX:ErrorFile=${stackFolders.logs}/hs_err_%p.log`,
    '-Djava.awt.headless=true',
  ]
}
