// Where settings come from, which source wins, and what they are without one.
import { describe, expect, test } from 'vitest'
import { settingsOf } from '../../../test/support/service-settings.ts'

const kafka = 'kafka: { bootstrapServers: "a:1" }\n'
const stack = JSON.stringify({
  format: 1,
  servers: [
    { name: 'kafka', endpoint: '127.0.0.1:9092,127.0.0.1:9093' },
    { name: 'kafka-1', endpoint: '127.0.0.1:9092' },
    { name: 'schema-registry', endpoint: 'http://127.0.0.1:8081' },
  ],
})
const stackFile = { '.evplat/stack.json': stack }

describe('without a file', () => {
  test('the local stack is found, and everything has a default', async () => {
    const { settings, facts, profiles, isProduction } = await settingsOf({ files: stackFile })
    expect(settings).toEqual({
      server: { address: '127.0.0.1', port: 8080, maxBodyBytes: 1_048_576, graceMs: 0, shutdownMs: 30_000 },
      management: {
        address: '127.0.0.1',
        port: undefined,
        exposure: { include: ['health', 'info'] },
        showDetails: 'never',
        bounds: { joiningMs: 5000, stuckMs: 300_000, stalledMs: 300_000 },
        maxEventLoopDelayMs: 1000,
      },
      kafka: { bootstrap: ['127.0.0.1:9092', '127.0.0.1:9093'] },
      registry: { url: 'http://127.0.0.1:8081' },
      producer: { deliveryMs: 10_000, maxPendingBytes: 33_554_432, keyFields: {} },
      listener: expect.objectContaining({ waitingRecords: 2000, waitingBytes: 16_777_216, commitMs: 1000 }),
      logging: { format: 'text', levels: { ROOT: 'info' } },
      app: {},
    })
    expect([profiles, isProduction]).toEqual([[], false])
    const origins = Object.fromEntries(facts.effective.map(({ name, origin }) => [name, origin]))
    expect(origins).toMatchObject({
      'kafka.bootstrapServers': '../../.evplat/stack.json (kafka)',
      'server.port': 'default',
      'logging.level.ROOT': 'default',
    })
  })

  test('the port is the one that platform.yaml declares', async () => {
    const service = { name: 'orders', group: 'orders', port: 8090 }
    const { settings } = await settingsOf({ files: stackFile, service })
    expect(settings.server.port).toBe(8090)
    const moved = await settingsOf({ files: stackFile, service, yaml: 'server.port: 0' })
    expect(moved.settings.server.port).toBe(0)
  })
})

describe('the first source wins', () => {
  const files = {
    'services/orders/application-dev.yaml': 'server: { port: 4 }',
    'services/orders/application-late.yaml': 'server: { port: 5 }',
    'services/orders/.env': 'SERVER_PORT=3',
    '.env': 'SERVER_PORT=33\nSERVER_GRACE=33ms',
  }
  const yaml = `${kafka}server: { port: 6 }\nprofiles: { active: [dev, late] }\n`
  const origins = ['argument --server.port', 'environment SERVER_PORT', '.env SERVER_PORT', 'application-late.yaml:1']

  test.each([
    [1, origins[0], { args: ['--server.port=1'], env: { SERVER_PORT: '2' } }],
    [1, origins[0], { args: ['--server.port', '9', '--server.port', '1'], env: {} }],
    [2, origins[1], { env: { SERVER_PORT: '2' } }],
    [3, origins[2], { env: { SERVER_PORT: '' } }],
    [5, origins[3], { env: { NODE_ENV: 'production' } }],
    [4, 'application-dev.yaml:1', { env: { NODE_ENV: 'production', PROFILES_ACTIVE: 'late,dev' } }],
    [6, 'application.yaml:2', { env: { PROFILES_ACTIVE: 'prod' } }],
    [6, 'application.yaml:2', { args: ['--profile', 'production'] }],
  ])('port %d of %s', async (port, origin, input) => {
    const { settings, facts } = await settingsOf({ files, yaml, ...input })
    expect(settings.server.port).toBe(port)
    expect(facts.effective.find(({ name }) => name === 'server.port')).toMatchObject({ value: port, origin })
  })

  test('the platform has an `.env`, too', async () =>
    expect((await settingsOf({ files, yaml })).settings.server.graceMs).toBe(33))

  test('all that was found is told in the order in which it wins', async () => {
    const { facts } = await settingsOf({ files, yaml, env: { SERVER_PORT: '2' } })
    const ports = facts.found.filter(({ name }) => name === 'server.port')
    expect(ports.map(({ source, value }) => [source, value])).toEqual([
      ['environment', '2'],
      ['.env', '3'],
      ['../../.env', '33'],
      ['application-late.yaml', '5'],
      ['application-dev.yaml', '4'],
      ['application.yaml', '6'],
    ])
  })

  test('the local stack counts where no address is set, and never in production', async () => {
    const set = await settingsOf({ files: stackFile, yaml: kafka })
    expect(set.settings).toMatchObject({ kafka: { bootstrap: ['a:1'] }, registry: undefined })
    await expect(settingsOf({ files: stackFile, env: { NODE_ENV: 'production' } })).rejects.toThrow('no Kafka is set')
  })
})

describe('production', () => {
  test('listens everywhere and logs JSON', async () => {
    const { settings, isProduction } = await settingsOf({ yaml: kafka, args: ['--profiles=prod'] })
    expect(isProduction).toBe(true)
    expect([settings.server.address, settings.logging.format]).toEqual(['0.0.0.0', 'json'])
  })
})

describe('names bind relaxed', () => {
  test.each([
    ['KAFKA_BOOTSTRAP_SERVERS', 'b:2, c:3'],
    ['KAFKA_BOOTSTRAPSERVERS', 'b:2,c:3'],
  ])('%s', async (name, value) => {
    const { settings } = await settingsOf({ env: { [name]: value } })
    expect(settings.kafka.bootstrap).toEqual(['b:2', 'c:3'])
  })

  test('in files as in Spring: kebab-case, camelCase, with dots', async () => {
    const yaml = 'kafka:\n  bootstrap-servers: [b:2, "c:3,d:4"]\nserver.max-body-size: 2kB\nserver: { shutdown: 5s }\n'
    const { settings } = await settingsOf({ yaml })
    expect(settings.kafka.bootstrap).toEqual(['b:2', 'c:3', 'd:4'])
    expect(settings.server).toMatchObject({ maxBodyBytes: 2000, shutdownMs: 5000 })
  })

  test('every part of the settings by its variable', async () => {
    const env = {
      KAFKA_BOOTSTRAP_SERVERS: 'b:2',
      KAFKA_TLS: 'TRUE',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: 'ann',
      KAFKA_SASL_PASSWORD: 'se$$cret${X}',
      SCHEMA_REGISTRY_URL: 'https://bob:pw@registry:1/',
      MANAGEMENT_SERVER_PORT: '9000',
      MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE: '*',
      MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_EXCLUDE: 'env, loggers',
      MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS: 'always',
      LOGGING_LEVEL_ROOT: 'WARN',
      LOGGING_LEVEL_KAFKA: 'debug',
      LISTENER_WAITING_SIZE: '1MiB',
      PRODUCER_KEYS_ORDERS_PLACED: 'orderId',
      KAFKA_PORT: 'tcp://10.0.0.1:9092',
      HOME: '/root',
    }
    const topic = { key: { kind: 'string' }, value: { kind: 'json' }, produced: true, consumed: false } as const
    const { settings } = await settingsOf({ env, topics: { 'orders.placed': topic } })
    expect(settings.kafka).toEqual({
      bootstrap: ['b:2'],
      tls: {},
      sasl: { mechanism: 'scram-sha-512', username: 'ann', password: 'se$$cret${X}' },
    })
    expect(settings.registry).toEqual({ url: 'https://registry:1', username: 'bob', password: 'pw' })
    expect(settings.management).toMatchObject({
      port: 9000,
      exposure: { include: ['*'], exclude: ['env', 'loggers'] },
      showDetails: 'always',
    })
    expect(settings.logging.levels).toEqual({ ROOT: 'warn', kafka: 'debug' })
    expect(settings.listener.waitingBytes).toBe(1_048_576)
    expect(settings.producer.keyFields).toEqual({ 'orders.placed': 'orderId' })
  })

  test('`logging.level` alone is the level of all, and maps hold names with dots', async () => {
    const alone = await settingsOf({ yaml: `${kafka}logging: { level: debug }` })
    expect(alone.settings.logging.levels).toEqual({ ROOT: 'debug' })
    const yaml = `${kafka}logging:\n  level:\n    root: warn\n    listeners:\n      orders.placed: trace\n`
    expect((await settingsOf({ yaml })).settings.logging.levels).toEqual({
      ROOT: 'warn',
      'listeners.orders.placed': 'trace',
    })
  })

  test('an actuator on the port of the server has none of its own', async () =>
    expect((await settingsOf({ yaml: `${kafka}management.server.port: 8080` })).settings.management.port).toBe(
      undefined,
    ))
})

describe('variables', () => {
  const yaml = 'kafka: { bootstrap-servers: "${HOST:-b}:${PORT}" }\nserver: { address: "${NONE}" }'

  test('come from the environment, then from `.env`', async () => {
    const files = { '.env': 'HOST=c\nPORT=1', 'services/orders/.env': 'PORT=2' }
    const { settings } = await settingsOf({ files, yaml, env: { NONE: '::1' } })
    expect([settings.kafka.bootstrap, settings.server.address]).toEqual([['c:2'], '::1'])
    const set = await settingsOf({ files, yaml, env: { NONE: '::1', PORT: '3' } })
    expect(set.settings.kafka.bootstrap).toEqual(['c:3'])
  })

  test('need no value in what another source replaces', async () => {
    const { settings } = await settingsOf({ yaml, env: { SERVER_ADDRESS: '::1', PORT: '3' } })
    expect(settings.kafka.bootstrap).toEqual(['b:3'])
  })
})

describe('connections', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n'
  const files = { 'services/orders/certs/ca.pem': pem }

  test('certificates are read from beside the file', async () => {
    const yaml =
      'kafka: { bootstrapServers: b:1, tls: { ca: certs/ca.pem } }\nschemaRegistry: { url: http://r, token: t }'
    const { settings } = await settingsOf({ files, yaml })
    expect(settings.kafka.tls).toEqual({ ca: pem })
    expect(settings.registry).toEqual({ url: 'http://r', token: 't' })
  })

  test('`tls: false` in front turns them off', async () => {
    const yaml = 'kafka: { bootstrapServers: b:1, tls: { ca: certs/ca.pem } }'
    expect((await settingsOf({ files, yaml, env: { KAFKA_TLS: 'false' } })).settings.kafka.tls).toBe(undefined)
    expect((await settingsOf({ files, yaml, args: ['--kafka.tls'] })).settings.kafka.tls).toEqual({ ca: pem })
  })
})

describe('secrets', () => {
  test('are marked by key, by name and by their variables', async () => {
    const yaml = [
      'kafka: { bootstrapServers: b:1, sasl: { mechanism: plain, username: u, password: "${P}" } }',
      'schemaRegistry: { url: http://r, token: t }',
      'app: { stripeApiKey: k, dsn: "x ${DB_PASSWORD}", limit: 5 }',
    ].join('\n')
    const { facts } = await settingsOf({ yaml, env: { P: 'p', DB_PASSWORD: 'd' } })
    const secret = ['kafka.sasl.password', 'schemaRegistry.token', 'app.stripeApiKey', 'app.dsn']
    for (const list of [facts.effective, facts.found])
      expect(list.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual(secret)
  })
})
