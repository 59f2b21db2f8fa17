import type { StackSettings } from '../../src/platform/platform.ts'

/** Settings of a stack as platform.yaml gives them when it says nothing, with parts replaced. */
export function stackSettings({
  kafka,
  ports,
  ...more
}: Partial<Omit<StackSettings, 'kafka' | 'ports'>> & { kafka?: Partial<StackSettings['kafka']> } & {
  ports?: Partial<StackSettings['ports']>
} = {}): StackSettings {
  return {
    runtime: 'auto',
    kafka: { version: '3.9', coordination: 'zookeeper', brokers: 1, ...kafka },
    registry: 'confluent',
    images: {},
    services: [],
    databases: { postgres: [], mongodb: [] },
    ...more,
    ports: { kafka: 9092, registry: 8081, postgres: 5432, mongodb: 27_017, 'kafka-ui': 8090, ...ports },
  }
}
