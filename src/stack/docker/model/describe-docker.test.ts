import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dockerStacks } from '../../../../test/support/docker-stacks.ts'
import { stackSettings } from '../../../../test/support/stack-settings.ts'
import { EvplatError } from '../../../core/errors.ts'
import type { StackSettings } from '../../../platform/platform.ts'
import { declaredPorts } from '../../desired/declared-ports.ts'
import { clusterIdOf } from './cluster-id.ts'
import { composeFile, composeText } from './compose-file.ts'
import { describeDocker } from './describe-docker.ts'
import type { ContainerServer, DockerStack } from './docker-stack.ts'
import { specOf } from './engine-names.ts'

const place = { folder: '/home/ann/shop', at: '/home/ann/shop/docker' }

const settingsOfAnyStack: fc.Arbitrary<StackSettings> = fc
  .record({
    version: fc.constantFrom('3.9', '3.9.1', '4.0', '4.3', '4.1.1'),
    coordination: fc.constantFrom('zookeeper' as const, 'kraft' as const),
    brokers: fc.constantFrom(1 as const, 3 as const),
    registry: fc.constantFrom('confluent' as const, 'evplat' as const),
    services: fc.subarray(['postgres', 'mongodb', 'kafka-ui'] as const),
    imagePrefix: fc.option(fc.constant('mirror.example:5000/all'), { nil: undefined }),
  })
  .map(({ version, coordination, brokers, imagePrefix, ...more }) =>
    stackSettings({
      ...more,
      kafka: { version, brokers, coordination: version.startsWith('4') ? 'kraft' : coordination },
      ...(imagePrefix !== undefined && { imagePrefix }),
    }),
  )

function stackOf(settings: StackSettings, project = 'shop'): DockerStack {
  const ports = declaredPorts(settings)
  if (!ports) throw new Error('a port may be any')
  return describeDocker({ project, settings, ports, packageRoot: '/opt/evplat', version: '0.1.0' })
}

const serverOf = (stack: DockerStack, name: string): ContainerServer => stack.servers.find((one) => one.name === name)!

describe('the stack', () => {
  test.each(Object.entries(dockerStacks))('%s, whole', async (name, inputs) => {
    const text = composeText(describeDocker(inputs), place)
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `${name}.yaml`))
  })

  test('no server stands before one that it needs, and each needs only servers of the stack', () => {
    const isOrdered = fc.property(settingsOfAnyStack, (settings) => {
      const names = stackOf(settings).servers.map(({ name }) => name)
      for (const { name, dependsOn } of stackOf(settings).servers)
        for (const needed of dependsOn) expect(names.slice(0, names.indexOf(name))).toContain(needed)
    })
    fc.assert(isOrdered)
  })

  test('no port and no volume is taken twice, and clients reach a server at its first port', () => {
    const isApart = fc.property(settingsOfAnyStack, (settings) => {
      const { servers } = stackOf(settings)
      const ports = servers.flatMap((server) => server.ports.map(({ host }) => host))
      const volumes = servers.flatMap((server) => server.volumes.map(({ name }) => name))
      expect([new Set(ports).size, new Set(volumes).size]).toEqual([ports.length, volumes.length])
      for (const { endpoint, ports: own } of servers)
        expect(endpoint).toMatch(new RegExp(`127\\.0\\.0\\.1:${own[0]!.host}$`))
    })
    fc.assert(isApart)
  })

  test('three brokers of KRaft go on with the data of one', () => {
    const settings = (brokers: 1 | 3): StackSettings => stackSettings({ kafka: { coordination: 'kraft', brokers } })
    const [alone] = stackOf(settings(1)).servers
    const [first, second] = stackOf(settings(3)).servers
    expect([alone!.name, first!.name, second!.name]).toEqual(['kafka', 'kafka-1', 'kafka-2'])
    expect(first!.volumes).toEqual(alone!.volumes)
    const roles = ['KAFKA_NODE_ID', 'KAFKA_PROCESS_ROLES', 'KAFKA_CONTROLLER_QUORUM_VOTERS', 'CLUSTER_ID'] as const
    const of = (server: ContainerServer): unknown[] => roles.map((name) => server.environment[name])
    expect(of(first!)).toEqual(of(alone!))
    expect(of(second!)).toEqual(['2', 'broker', '1@kafka-1:9093', clusterIdOf('shop')])
    // the controller is found under its name either way
    expect([alone!.name, ...alone!.aliases]).toContain('kafka-1')
    expect([first!.name, ...first!.aliases]).toContain('kafka-1')
    // a broker is ready when it sees all others: none may wait for another
    expect(
      stackOf(settings(3))
        .servers.slice(0, 3)
        .flatMap(({ dependsOn }) => dependsOn),
    ).toEqual([])
  })

  test('PostgreSQL has its data in its volume, also in images of 18 and later, which have another folder for it', () => {
    const postgres = serverOf(stackOf(stackSettings({ services: ['postgres'] })), 'postgres')
    expect(postgres.environment['PGDATA']).toBe(postgres.volumes[0]?.target)
  })

  test('an id of a cluster is one that Kafka takes, and another for another project', () => {
    fc.assert(
      fc.property(fc.string(), (project) => {
        expect(clusterIdOf(project)).toMatch(/^[A-Za-f][\w-]{21}$/)
        expect(Buffer.from(clusterIdOf(project), 'base64url')).toHaveLength(16)
      }),
    )
    expect(new Set(['shop', 'shop2', 'shop-2'].map(clusterIdOf)).size).toBe(3)
    expect(clusterIdOf('shop')).toBe(clusterIdOf('shop'))
  })
})

describe('the images', () => {
  const imagesOf = (settings: Parameters<typeof stackSettings>[0]): string[] =>
    stackOf(stackSettings(settings)).servers.map(({ image }) => image)

  test('those of platform.yaml are taken as they are, digests and all', () => {
    const digest = `confluentinc/cp-kafka@sha256:${'0'.repeat(64)}`
    const images = { kafka: digest, 'schema-registry': 'mine/registry:1' }
    expect(imagesOf({ images, imagePrefix: 'mirror.example' })).toEqual([
      'mirror.example/confluentinc/cp-zookeeper:7.9.1',
      digest,
      'mine/registry:1',
    ])
  })

  test('a prefix stands in the place of the registry, for what our own image is built from, too', () => {
    const settings = stackSettings({
      kafka: { version: '4.3', coordination: 'kraft' },
      imagePrefix: 'mirror.example:5000/all',
      registry: 'evplat',
      services: ['postgres', 'kafka-ui'],
    })
    expect(stackOf(settings).servers.map(({ image }) => image)).toEqual([
      'mirror.example:5000/all/apache/kafka:4.3.1',
      'evplat/schema-registry:0.1.0',
      'mirror.example:5000/all/postgres:17',
      'mirror.example:5000/all/kafbat/kafka-ui:v1.3.0',
    ])
    expect(serverOf(stackOf(settings), 'schema-registry').build?.arguments).toEqual({
      NODE_IMAGE: 'mirror.example:5000/all/node:20-bookworm-slim',
    })
  })

  test('an image that platform.yaml names for our registry is not built', () => {
    const settings = stackSettings({ registry: 'evplat', images: { 'schema-registry': 'mine/registry:1' } })
    expect(serverOf(stackOf(settings), 'schema-registry')).toMatchObject({ image: 'mine/registry:1' })
    expect(serverOf(stackOf(settings), 'schema-registry').build).toBeUndefined()
  })

  test.each([
    ['3.9', 'confluentinc/cp-kafka:7.9.1'],
    ['3.9.2', 'confluentinc/cp-kafka:7.9.1'],
    ['4.0', 'apache/kafka:4.0.0'],
    ['4.3', 'apache/kafka:4.3.1'],
    ['4.1.1', 'apache/kafka:4.1.1'],
  ])('Kafka %s is %s', (version, image) => {
    expect(imagesOf({ kafka: { version, coordination: 'kraft' } })[0]).toBe(image)
  })

  test('a Kafka without a known image is refused, unless platform.yaml names one', () => {
    const kafka = { version: '3.8', coordination: 'kraft' } as const
    const thrown = catchError(() => imagesOf({ kafka }))
    expect([thrown.code, thrown.message]).toEqual([
      'not-in-this-version',
      'the docker runtime knows no image of Kafka 3.8',
    ])
    expect(imagesOf({ kafka, images: { kafka: 'confluentinc/cp-kafka:7.8.0' } })[0]).toBe('confluentinc/cp-kafka:7.8.0')
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

describe('in compose', () => {
  test('every port is on loopback alone', () => {
    const isLocal = fc.property(settingsOfAnyStack, (settings) => {
      const { services } = composeFile(stackOf(settings), place) as { services: Record<string, { ports: string[] }> }
      for (const { ports } of Object.values(services))
        for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
    })
    fc.assert(isLocal)
  })

  test('a container that reads passwords is let by SELinux, and no other asks for it', () => {
    const { services } = composeFile(stackOf(stackSettings({ services: ['postgres', 'mongodb'] })), place) as {
      services: Record<string, { security_opt?: unknown; secrets?: unknown }>
    }
    for (const { secrets, security_opt: options } of Object.values(services))
      expect(options).toEqual(secrets === undefined ? undefined : ['label=disable'])
  })

  test('a `$` is one for compose, too, and paths start where the file lies', () => {
    const stack = stackOf(stackSettings({ registry: 'evplat', services: ['postgres'] }))
    const registry = serverOf(stack, 'schema-registry')
    const dear = { ...registry, environment: { PRICE: '$5 or ${6}' }, command: ['a$$b'] }
    const place = { folder: '/home/ann/$shop', at: '/home/ann' }
    expect(composeFile({ ...stack, servers: [dear, serverOf(stack, 'postgres')] }, place)).toMatchObject({
      services: {
        'schema-registry': {
          environment: { PRICE: '$$5 or $${6}' },
          command: ['a$$$$b'],
          build: { context: '../../opt/evplat', dockerfile: 'docker/schema-registry/Dockerfile' },
        },
      },
      secrets: { postgres: { file: './$$shop/.evplat/secrets/postgres' } },
    })
  })

  test('each container has what evplat would give it', () => {
    const isSame = fc.property(settingsOfAnyStack, (settings) => {
      const stack = stackOf(settings)
      const { services } = composeFile(stack, place) as unknown as {
        services: Record<
          string,
          { image: string; hostname: string; labels: Record<string, string>; environment?: object }
        >
      }
      expect(Object.keys(services)).toEqual(stack.servers.map(({ name }) => name))
      for (const server of stack.servers) {
        const spec = specOf(stack, server, place.folder)
        const { image, hostname, labels, environment = {} } = services[server.name]!
        expect({ image, hostname, environment }).toEqual({
          image: spec.image,
          hostname: spec.hostname,
          environment: spec.environment,
        })
        expect(spec.labels).toMatchObject(labels)
      }
    })
    fc.assert(isSame)
  })
})
