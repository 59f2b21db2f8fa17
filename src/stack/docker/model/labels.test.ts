import { describe, expect, test } from 'vitest'
import { dockerStacks } from '../../../../test/support/docker-stacks.ts'
import { stackSettings } from '../../../../test/support/stack-settings.ts'
import { describeDocker } from './describe-docker.ts'
import type { ContainerServer } from './docker-stack.ts'
import { specOf, volumesOf } from './engine-names.ts'
import { configHash, networkOf, volumeOf } from './labels.ts'
import { secretsOf } from './secrets.ts'

const stack = describeDocker(dockerStacks['kraft-three-brokers-everything']!)
const mongodb = stack.servers.find(({ name }) => name === 'mongodb')!

describe('the hash of a container', () => {
  /** each part of a server, and another value of it; not one is left out */
  const others: { readonly [K in keyof Required<ContainerServer>]: ContainerServer[K] } = {
    name: 'mongo',
    image: 'mongo:9',
    build: { context: '/else', dockerfile: 'Dockerfile', base: 'node:20', arguments: {} },
    environment: { ...mongodb.environment, MORE: '1' },
    command: ['mongod'],
    ports: [{ host: 27_018, container: 27_017 }],
    volumes: mongodb.volumes.slice(1),
    secrets: ['mongodb'],
    healthCheck: { ...mongodb.healthCheck, retries: 1 },
    aliases: ['db'],
    dependsOn: ['postgres'],
    stopSeconds: 1,
    endpoint: '127.0.0.1:1',
    inside: 'mongo:1',
  }
  const parts = Object.entries(others)
  // how it is reached, when it is started and how its image is made is not what it is made of
  const outside = ['build', 'dependsOn', 'endpoint', 'inside']

  test.each(parts.filter(([part]) => !outside.includes(part)))('is another with another %s', (part, value) => {
    expect(configHash({ ...mongodb, [part]: value })).not.toBe(configHash(mongodb))
  })

  test.each(parts.filter(([part]) => outside.includes(part)))('is the same with another %s', (part, value) => {
    expect(configHash({ ...mongodb, [part]: value })).toBe(configHash(mongodb))
  })

  test('is the same in whatever order variables are named', () => {
    const environment = Object.fromEntries(Object.entries(mongodb.environment).toReversed())
    expect(configHash({ ...mongodb, environment })).toBe(configHash(mongodb))
  })

  test('is another for each server of a stack', () => {
    expect(new Set(stack.servers.map(configHash)).size).toBe(stack.servers.length)
  })
})

describe('at the engine', () => {
  test('a container has the names and labels that compose gives it, and ours', () => {
    const { name, hostname, aliases, network, labels, volumes, files } = specOf(stack, mongodb, '/home/ann/shop')
    expect({ name, hostname, aliases, network, volumes, files }).toEqual({
      name: 'shop-mongodb-1',
      hostname: 'mongodb',
      aliases: ['mongodb'],
      network: 'shop_default',
      volumes: [
        { volume: 'shop_mongodb-data', target: '/data/db' },
        { volume: 'shop_mongodb-config', target: '/data/configdb' },
      ],
      files: [
        { source: '/home/ann/shop/.evplat/secrets/mongodb', target: '/run/secrets/mongodb' },
        { source: '/home/ann/shop/.evplat/secrets/mongodb-keyfile', target: '/run/secrets/mongodb-keyfile' },
      ],
    })
    expect(labels).toEqual({
      'com.docker.compose.project': 'shop',
      'com.docker.compose.service': 'mongodb',
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      // without it compose does not list the container
      'com.docker.compose.config-hash': configHash(mongodb),
      'com.docker.compose.version': '2.0.0',
      'evplat.config': configHash(mongodb),
      'evplat.platform': expect.stringMatching(/^[\da-f]{32}$/),
    })
  })

  test('the same platform in another folder is another one', () => {
    const platformAt = (folder: string): string => specOf(stack, mongodb, folder).labels['evplat.platform']!
    expect(platformAt('/home/ann/shop')).not.toBe(platformAt('/home/bob/shop'))
  })

  test('the network and the volumes are those that compose would make', () => {
    expect(networkOf('shop')).toEqual({
      name: 'shop_default',
      labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.network': 'default' },
    })
    const volumes = volumesOf(stack, mongodb, '/home/ann/shop')
    expect(volumes[0]).toEqual({
      name: 'shop_mongodb-data',
      labels: {
        'com.docker.compose.project': 'shop',
        'com.docker.compose.volume': 'mongodb-data',
        'com.docker.compose.project.working_dir': '/home/ann/shop',
      },
    })
    expect(volumes.map(({ labels }) => volumeOf(labels))).toEqual(['mongodb-data', 'mongodb-config'])
  })
})

describe('the secrets', () => {
  const databases = { postgres: ['orders'], mongodb: ['catalogue'] }

  test('are those of the databases that run, and of the services that have one there', () => {
    expect(secretsOf(stackSettings())).toEqual([])
    expect(secretsOf(stackSettings({ services: ['postgres'], databases }))).toEqual(['postgres', 'postgres-orders'])
    expect(secretsOf(stackSettings({ services: ['mongodb', 'kafka-ui'], databases }))).toEqual([
      'mongodb',
      'mongodb-keyfile',
      'mongodb-catalogue',
    ])
  })

  test('all that are mounted are made', () => {
    const made = secretsOf(stackSettings({ services: ['postgres', 'mongodb'], databases }))
    for (const { secrets } of stack.servers) for (const secret of secrets) expect(made).toContain(secret)
  })
})
