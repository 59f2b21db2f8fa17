// `stack` of platform.yaml -> StackSettings, every default filled in.
import { type Located, keyPlaceOf, placeOf } from './located.ts'
import type { Database, Service, StackService, StackSettings } from './platform.ts'
import type { Report } from '../yaml/report.ts'
import type { StackInput } from './shape.ts'
import { type Path, nodeAt } from '../yaml/tree.ts'

const stackServices: readonly StackService[] = ['postgres', 'mongodb', 'kafka-ui']

const isKafka4 = (version: string): boolean => !version.startsWith('3.')

type Input = StackInput | null | undefined

/** The settings of the stack; a database that a service asks for is part of it. */
export function readStack(input: Input, services: readonly Service[], file: Located, report: Report): StackSettings {
  const { runtime = 'auto', registry = 'confluent', images, imagePrefix } = input ?? {}
  const having = (database: Database): string[] =>
    services.filter((service) => service.database === database).map(({ name }) => name)
  const databases = { postgres: having('postgres'), mongodb: having('mongodb') }
  const isThere = (name: StackService): boolean =>
    input?.services?.[name] !== undefined || (name !== 'kafka-ui' && databases[name].length > 0)
  return {
    ...(input && { at: keyPlaceOf(file, ['stack']), places: placesOf(input, file) }),
    runtime,
    kafka: readKafka(input, file, report),
    registry,
    images: { ...images },
    ...(imagePrefix !== undefined && { imagePrefix }),
    ports: readPorts(input),
    services: stackServices.filter(isThere),
    databases,
  }
}

function placesOf(input: StackInput, file: Located): NonNullable<StackSettings['places']> {
  return {
    ...(input.runtime !== undefined && { runtime: placeOf(file, ['stack', 'runtime']) }),
    ...(input.kafka?.version !== undefined && { version: placeOf(file, ['stack', 'kafka', 'version']) }),
    ...(input.kafka?.coordination !== undefined && { coordination: placeOf(file, ['stack', 'kafka', 'coordination']) }),
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

const usualPorts: StackSettings['ports'] = {
  kafka: 9092,
  registry: 8081,
  postgres: 5432,
  mongodb: 27_017,
  'kafka-ui': 8090,
}

/** The stack of a platform.yaml that says nothing of it. */
export const defaultStack: StackSettings = {
  runtime: 'auto',
  kafka: { version: '3.9', coordination: 'zookeeper', brokers: 1 },
  registry: 'confluent',
  images: {},
  ports: usualPorts,
  services: [],
  databases: { postgres: [], mongodb: [] },
}

function readPorts(input: Input): StackSettings['ports'] {
  if (input?.ports !== 'auto') return { ...usualPorts, ...input?.ports }
  return { kafka: 'auto', registry: 'auto', postgres: 'auto', mongodb: 'auto', 'kafka-ui': 'auto' }
}

/** Whether topics of the stack live in a Kafka 4 or newer. */
export function runsKafka4(input: Input): boolean {
  return isKafka4(input?.kafka?.version ?? '3.9')
}

/** Everything of one platform listens on this machine at once, so every port has one owner. */
export function reportPortClashes(stack: StackSettings, services: readonly Service[], file: Located, to: Report): void {
  const owners = new Map<number, { readonly who: string; readonly path: Path }>()
  const claim = (port: number | 'auto' | undefined, who: string, path: Path): void => {
    if (port === undefined || port === 'auto') return
    if (port > 65_535)
      to.error({
        code: 'invalid-value',
        at: placeOf(file, path),
        message: `${who} would have port ${port}, and the last one is 65535`,
        remedy: 'brokers take the ports that follow the first: start lower',
      })
    const owner = owners.get(port)
    owners.set(port, owner ?? { who, path })
    if (!owner) return
    const isWritten = nodeAt(file.root, owner.path) !== undefined
    to.error({
      code: 'port-clash',
      at: placeOf(file, path),
      message: `${who} and ${owner.who} both want port ${port}`,
      remedy: isWritten
        ? `give one of them another; the other one stands in line ${placeOf(file, owner.path).line}`
        : 'take another here, or set `ports` under `stack`: this one is its default',
    })
  }
  const { ports, kafka } = stack
  for (let i = 0; i < kafka.brokers; i++) {
    const who = kafka.brokers > 1 ? `broker ${i + 1}` : 'Kafka'
    claim(ports.kafka === 'auto' ? 'auto' : ports.kafka + i, who, ['stack', 'ports', 'kafka'])
  }
  claim(ports.registry, 'the registry', ['stack', 'ports', 'registry'])
  for (const name of stack.services) claim(ports[name], name, ['stack', 'ports', name])
  for (const { name, port } of services) claim(port, `service "${name}"`, ['services', name, 'port'])
}
