// docker/compose.yaml against what evplat writes into such a file, and against what each side needs of the other.
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const service = z.strictObject({
  image: z.string().regex(/^[\w./-]+:\d+\.\d+\.\d+$/),
  hostname: z.string(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
  // what is no text here is read as YAML understands it, which is not what the image gets
  environment: z.record(z.string().regex(/^[A-Z_]+$/), z.string()),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)),
  volumes: z.array(z.string().regex(/^[\w-]+:\/[\w/]+$/)).optional(),
  networks: z.strictObject({ default: z.strictObject({ aliases: z.array(z.string()) }) }).optional(),
  healthcheck: z.strictObject({
    test: z.tuple([z.literal('CMD')], z.string()),
    start_period: z.string().regex(/^\d+s$/),
    interval: z.string().regex(/^\d+s$/),
    timeout: z.string().regex(/^\d+s$/),
    retries: z.number().int().positive(),
  }),
  stop_grace_period: z.string().regex(/^\d+s$/),
  restart: z.literal('on-failure').optional(),
  labels: z.strictObject({ 'evplat.config': z.string() }),
})
const compose = z.strictObject({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
})

const file = compose.parse(parse(readFileSync('docker/compose.yaml', 'utf8')))
const services = Object.entries(file.services)

describe('docker/compose.yaml', () => {
  test('has the servers of the stack, of one release', () => {
    expect(services.map(([name, { image }]) => [name, image])).toEqual([
      ['zookeeper', 'confluentinc/cp-zookeeper:7.9.1'],
      ['kafka', 'confluentinc/cp-kafka:7.9.1'],
      ['schema-registry', 'confluentinc/cp-schema-registry:7.9.1'],
    ])
  })

  test.each(services)(
    '%s names only what is there',
    (name, { depends_on: needs = {}, volumes = [], hostname, restart }) => {
      for (const needed of Object.keys(needs)) expect(Object.keys(file.services)).toContain(needed)
      expect(hostname).toBe(name)
      // without it a server that came too early would stay away
      expect(restart).toBe(Object.keys(needs).length > 0 ? 'on-failure' : undefined)
      for (const volume of volumes) expect(Object.keys(file.volumes)).toContain(volume.split(':')[0])
    },
  )

  test('is found from the root, under the name that evplat gives the project', () => {
    const platform = z.looseObject({ name: z.string() }).parse(parse(readFileSync('platform.yaml', 'utf8')))
    expect(parseEnv(readFileSync('.env', 'utf8'))).toEqual({
      COMPOSE_FILE: 'docker/compose.yaml',
      COMPOSE_PROJECT_NAME: platform.name,
    })
  })

  test('no port is wanted twice', () => {
    const ports = services.flatMap(([, { ports: published }]) => published.map((port) => port.split(':')[1]))
    expect(new Set(ports).size).toBe(ports.length)
  })

  test('Kafka is advertised where each side reaches it', () => {
    const { environment, ports } = file.services['kafka']!
    const advertised = new Map(
      environment['KAFKA_ADVERTISED_LISTENERS']!.split(',').map((entry) => entry.split('://') as [string, string]),
    )
    expect(ports.map((port) => port.split(':').slice(0, 2).join(':'))).toEqual([advertised.get('HOST')])
    const inContainer = new Map(
      environment['KAFKA_LISTENERS']!.split(',').map((l) => l.split('://') as [string, string]),
    )
    expect(ports.map((port) => `0.0.0.0:${port.split(':')[2]}`)).toEqual([inContainer.get('HOST')])
    expect(inContainer.get('NET')!.split(':')[1]).toBe(advertised.get('NET')!.split(':')[1])
    const inner = advertised.get(environment['KAFKA_INTER_BROKER_LISTENER_NAME']!)
    expect(inner).toBe('kafka:29092')
    const registry = file.services['schema-registry']!.environment
    expect(registry['SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS']).toBe(`PLAINTEXT://${inner}`)
    const listeners = environment['KAFKA_LISTENERS']!.split(',').map((entry) => entry.split('://')[0])
    expect(listeners).toEqual([...advertised.keys()])
    expect(environment['KAFKA_LISTENER_SECURITY_PROTOCOL_MAP']).toBe(
      listeners.map((name) => `${name}:PLAINTEXT`).join(','),
    )
  })
})
