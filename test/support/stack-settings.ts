import type { StackSettings } from '../../src/platform/platform.ts'

/** Settings of a stack as platform.yaml gives them when it says nothing, with parts replaced. */
export function stackSettings({
  kafka,
  ...more
}: Partial<Omit<StackSettings, 'kafka'>> & { kafka?: Partial<StackSettings['kafka']> } = {}): StackSettings {
  return {
    runtime: 'auto',
    kafka: { version: '3.9', coordination: 'zookeeper', brokers: 1, ...kafka },
    registry: 'confluent',
    images: {},
    ports: { kafka: 9092, registry: 8081 },
    services: [],
    ...more,
  }
}
