import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stackSettings } from '../../../test/support/stack-settings.ts'
import { EvplatError } from '../../core/errors.ts'
import type { StackSettings } from '../../platform/platform.ts'
import { describeStack } from './describe.ts'
import type { StackPorts } from './ports.ts'
import { propertiesText } from './properties-text.ts'
import { knownReleases, releaseFor } from './releases.ts'
import type { DesiredServer } from './servers.ts'

const one: StackPorts = { brokers: [9092], registry: 8081 }
const three: StackPorts = { brokers: [9092, 9093, 9094], registry: 8081 }

function serversOf(kafka: Partial<StackSettings['kafka']>, ports: StackPorts, heapOptions?: string): DesiredServer[] {
  const settings = stackSettings({ kafka })
  return [...describeStack('native', { settings, ports, folder: '/home/ann/shop', heapOptions }).servers]
}

function propertiesOf(servers: readonly DesiredServer[], name: string): Record<string, string> {
  const server = servers.find((one) => one.name === name)
  if (!server || !('properties' in server)) throw new Error(`${name} has no properties`)
  return Object.fromEntries(
    server.properties.content
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/).slice(0, 2)),
  )
}

describe('the releases', () => {
  test('a version stands for its exact release', () => {
    const of = (version: string, coordination: 'kraft' | 'zookeeper'): string =>
      releaseFor({ kafka: { version, coordination, brokers: 1 } }).exact
    expect([of('3.9', 'zookeeper'), of('3.9.2', 'kraft'), of('4.3', 'kraft')]).toEqual(['3.9.2', '3.9.2', '4.3.1'])
  })

  test('a version that is not known is refused, and those that are known are told', () => {
    const thrown = catchError(() => releaseFor({ kafka: { version: '3.8', coordination: 'kraft', brokers: 1 } }))
    expect(thrown.code).toBe('not-in-this-version')
    expect(thrown.parts.hint).toBe('set `stack.kafka.version` in platform.yaml to "3.9" or "4.3"')
  })

  test('every release names the exact version in its artifacts', () => {
    for (const { exact, artifacts } of knownReleases())
      expect(artifacts).toContain(`org.apache.kafka:kafka_2.13:${exact}`)
  })
})

function catchError(work: () => unknown): EvplatError {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof EvplatError) return thrown
  }
  throw new Error('no EvplatError was thrown')
}

describe('the servers', () => {
  test('with ZooKeeper it comes first, and the registry last', () => {
    const servers = serversOf({}, { ...one, zookeeper: 2181 })
    expect(servers.map(({ name, endpoint, dependsOn }) => [name, endpoint, dependsOn])).toEqual([
      ['zookeeper', '127.0.0.1:2181', []],
      ['kafka', '127.0.0.1:9092', ['zookeeper']],
      ['schema-registry', 'http://127.0.0.1:8081', ['kafka']],
    ])
  })

  test('with KRaft three nodes vote on their own ports', () => {
    const servers = serversOf({ coordination: 'kraft', brokers: 3 }, { ...three, controllers: [7001, 7002, 7003] })
    expect(servers.map(({ name, ports }) => [name, ports])).toEqual([
      ['kafka-1', [9092, 7001]],
      ['kafka-2', [9093, 7002]],
      ['kafka-3', [9094, 7003]],
      ['schema-registry', [8081]],
    ])
    expect(servers.at(-1)).toMatchObject({
      dependsOn: ['kafka-1', 'kafka-2', 'kafka-3'],
      bootstrap: ['127.0.0.1:9092', '127.0.0.1:9093', '127.0.0.1:9094'],
    })
    expect(propertiesOf(servers, 'kafka-2')).toMatchObject({
      'node.id': '2',
      'controller.quorum.voters': '1@127.0.0.1:7001,2@127.0.0.1:7002,3@127.0.0.1:7003',
      listeners: 'PLAINTEXT://127.0.0.1:9093,CONTROLLER://127.0.0.1:7002',
      'advertised.listeners': 'PLAINTEXT://127.0.0.1:9093',
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
      'controlled.shutdown.enable': 'false',
      'log.dirs': 'data/kafka-2',
    })
  })

  test('one broker keeps one copy of everything and leaves in peace', () => {
    const properties = propertiesOf(serversOf({}, { ...one, zookeeper: 2181 }), 'kafka')
    expect(properties).toMatchObject({
      'broker.id': '1',
      'zookeeper.connect': '127.0.0.1:2181',
      'zookeeper.session.timeout.ms': '6000',
      'auto.create.topics.enable': 'false',
      'offsets.topic.replication.factor': '1',
      'group.initial.rebalance.delay.ms': '0',
      'log.cleaner.dedupe.buffer.size': '8388608',
      'controlled.shutdown.enable': 'true',
    })
    expect(Object.keys(properties).filter((key) => key.startsWith('share.'))).toEqual([])
  })

  test('Kafka 4 is told of its share groups, too', () => {
    const servers = serversOf({ version: '4.3', coordination: 'kraft' }, { ...one, controllers: [7001] })
    expect(propertiesOf(servers, 'kafka')).toMatchObject({ 'share.coordinator.state.topic.replication.factor': '1' })
  })

  test('everything listens on loopback alone, whatever the stack', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('3.9', '4.3'),
        fc.boolean(),
        fc.constantFrom(1, 3),
        (version, wantsZooKeeper, count) => {
          const isZooKeeper = wantsZooKeeper && version === '3.9'
          const brokers = Array.from({ length: count }, (_, i) => 9092 + i)
          const more = isZooKeeper ? { zookeeper: 2181 } : { controllers: brokers.map((port) => port + 1000) }
          const servers = serversOf(
            { version, coordination: isZooKeeper ? 'zookeeper' : 'kraft', brokers: count as 1 | 3 },
            { brokers, registry: 8081, ...more },
          )
          for (const server of servers) {
            expect(server.endpoint).toMatch(/^(http:\/\/)?127\.0\.0\.1:\d+$/)
            if (!('properties' in server)) continue
            const hosts = [...server.properties.content.matchAll(/(?:\/\/|@|connect=|Address=)([^:\n,]+)/g)]
            expect(hosts.length).toBeGreaterThan(0)
            for (const [, host] of hosts) expect(host).toBe('127.0.0.1')
          }
          const ports = servers.flatMap((server) => server.ports)
          expect(new Set(ports).size).toBe(ports.length)
        },
      ),
    )
  })

  test('the JVMs are told how to log, whose they are, and the heap that the user wants for brokers', () => {
    const [zookeeper, broker] = serversOf({}, { ...one, zookeeper: 2181 }, ' -Xmx2g  -Xms1g ')
    expect(zookeeper).toMatchObject({ javaOptions: expect.arrayContaining(['-Xmx256m']) })
    const options = broker?.kind === 'broker' ? broker.javaOptions : []
    expect(options.slice(0, 2)).toEqual(['-Xmx2g', '-Xms1g'])
    expect(options).toContain('-Dlog4j.configuration=file:config/log4j.properties')
    expect(options).toContain('-Devplat.log=logs/kafka.log')
    expect(options).toContain('-Devplat.platform=/home/ann/shop')
  })
})

describe('properties text', () => {
  test('what Java would read otherwise is escaped', () => {
    expect(propertiesText({ a: 'C:\\x', b: ' lead', c: 'Zürich\nx', d: true, e: 5 })).toBe(
      'a=C:\\\\x\nb=\\ lead\nc=Z\\u00fcrich\\nx\nd=true\ne=5\n',
    )
  })

  test('any value stays on one line of plain ASCII', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) =>
        /^key=[\x20-\x7e]*\n$/.test(propertiesText({ key: value })),
      ),
    ))
})
