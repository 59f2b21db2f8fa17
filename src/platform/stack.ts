// `stack` of platform.yaml -> StackSettings, every default filled in.
import { type Place } from '../core/finding.ts'
import { type Located, keyPlaceOf, placeOf } from './located.ts'
import { type Service, type StackSettings } from './platform.ts'
import { type Report } from './report.ts'
import { type StackInput } from './shape.ts'

const isKafka4 = (version: string): boolean => !version.startsWith('3.')

type Input = StackInput | null | undefined

/** The settings of the stack; a database that a service asks for is part of it. */
export function readStack(input: Input, services: readonly Service[], file: Located, report: Report): StackSettings {
  const { runtime = 'auto', registry = 'confluent', images } = input ?? {}
  const databases = services.flatMap(({ database }) => (database === undefined ? [] : [database]))
  return {
    ...(input && { at: keyPlaceOf(file, ['stack']) }),
    runtime,
    kafka: readKafka(input, file, report),
    registry,
    images: { ...images },
    ports: readPorts(input),
    services: [...new Set([...Object.keys(input?.services ?? {}), ...databases])],
  }
}

function readKafka(input: Input, file: Located, report: Report): StackSettings['kafka'] {
  const { version = '3.9', brokers = 1 } = input?.kafka ?? {}
  const coordination = input?.kafka?.coordination ?? (isKafka4(version) ? 'kraft' : 'zookeeper')
  if (isKafka4(version) && coordination === 'zookeeper')
    report.error({
      code: 'invalid-value',
      at: placeOf(file, ['stack', 'kafka', 'coordination']),
      message: `Kafka ${version} runs without ZooKeeper`,
      remedy: 'write `coordination: kraft`, or a version before 4',
    })
  return { version, coordination, brokers }
}

function readPorts(input: Input): StackSettings['ports'] {
  if (input?.ports === 'auto') return { kafka: 'auto', registry: 'auto' }
  const { kafka = 9092, registry = 8081 } = input?.ports ?? {}
  return { kafka, registry }
}

/** Whether topics of the stack live in a Kafka 4 or newer. */
export function runsKafka4(input: Input): boolean {
  return isKafka4(input?.kafka?.version ?? '3.9')
}

interface Claim {
  readonly who: string
  readonly at: Place
}

/** Everything of one platform listens on this machine at once, so every port has one owner. */
export function reportPortClashes(stack: StackSettings, services: readonly Service[], file: Located, to: Report): void {
  const claims = new Map<number, Claim>()
  const claim = (port: number | 'auto' | undefined, who: string, path: readonly string[]): void => {
    if (port === undefined || port === 'auto') return
    const other = claims.get(port)
    const at = placeOf(file, path)
    claims.set(port, other ?? { who, at })
    if (other)
      to.error({
        code: 'port-clash',
        at,
        message: `${who} and ${other.who} both want port ${port}`,
        remedy: `give one of them another; the other one's stands in line ${other.at.line}`,
      })
  }
  const { ports, kafka } = stack
  for (let i = 0; i < kafka.brokers; i++)
    claim(ports.kafka === 'auto' ? 'auto' : ports.kafka + i, kafka.brokers > 1 ? `broker ${i + 1}` : 'Kafka', [
      'stack',
      'ports',
      'kafka',
    ])
  claim(ports.registry, 'the registry', ['stack', 'ports', 'registry'])
  for (const { name, port } of services) claim(port, `service "${name}"`, ['services', name, 'port'])
}
