import { expect, test } from 'vitest'
import { listenerFacts, serveActuator } from '../../../test/service/actuator-server.ts'
import { endpoints } from './exposure.ts'
import { trafficState } from './health-checks.ts'
import type { HealthCheck, Setting } from './ports.ts'

const all = { exposure: { include: ['*'] } }
const down: HealthCheck = {
  name: 'kafka',
  groups: ['readiness'],
  check: () => ({ status: 'DOWN', details: { error: 'no broker answers' } }),
}

test('only health and info are open where nothing else is said', async () => {
  const { call } = await serveActuator()
  const { body } = await call('/actuator')
  expect(Object.keys(body._links)).toEqual(['self', 'health', 'info'])
  const statuses = await Promise.all(endpoints.map(async (name) => [name, (await call(`/actuator/${name}`)).status]))
  expect(statuses.filter(([, status]) => status !== 404)).toEqual([
    ['health', 200],
    ['info', 200],
  ])
})

test('include opens, exclude closes', async () => {
  const { call } = await serveActuator({ exposure: { include: ['*'], exclude: ['env'] } })
  const { body } = await call('/actuator')
  const links = Object.entries(body._links as Record<string, { href: string }>)
  expect(links.map(([name]) => name)).toEqual(['self', ...endpoints.filter((name) => name !== 'env')])
  for (const [, { href }] of links) expect((await call(href)).status).toBe(200)
  expect((await call('/actuator/env')).status).toBe(404)
})

test('a broker that is away makes readiness 503, and not liveness', async () => {
  const { call } = await serveActuator({ checks: [down] })
  for (const path of ['/actuator/health', '/actuator/health/readiness', '/readyz'])
    expect((await call(path)).status, path).toBe(503)
  for (const path of ['/actuator/health/liveness', '/livez']) expect((await call(path)).status, path).toBe(200)
})

test('nothing but the status is told where details are not asked for', async () => {
  const { call } = await serveActuator({ checks: [down] })
  expect((await call('/actuator/health')).body).toEqual({ status: 'DOWN', groups: ['liveness', 'readiness'] })
  expect((await call('/actuator/health/readiness')).body).toEqual({ status: 'DOWN' })
  expect((await call('/actuator/health/kafka')).status).toBe(404)
})

test('components tell their details where they are asked for', async () => {
  const { call } = await serveActuator({ checks: [down], showDetails: 'always' })
  const kafka = { status: 'DOWN', details: { error: 'no broker answers' } }
  expect((await call('/actuator/health/readiness')).body).toEqual({ status: 'DOWN', components: { kafka } })
  const one = await call('/actuator/health/kafka')
  expect([one.status, one.body]).toEqual([503, kafka])
  expect((await call('/actuator/health/toString')).status).toBe(404)
})

test('a service that does not want requests is OUT_OF_SERVICE: 503', async () => {
  const traffic = trafficState()
  const { call } = await serveActuator({ checks: [traffic.check] })
  expect((await call('/readyz')).body).toEqual({ status: 'OUT_OF_SERVICE' })
  traffic.accept()
  expect((await call('/readyz')).status).toBe(200)
  traffic.refuse()
  expect((await call('/readyz')).status).toBe(503)
  expect((await call('/livez')).status).toBe(200)
})

test('info tells name, version, node, and git where it is known', async () => {
  const info = { name: 'orders', version: '1.2.3', node: 'v20.19.0' }
  const git = { branch: 'main', commit: 'abc123' }
  const plain = await serveActuator({ info })
  expect((await plain.call('/actuator/info')).body).toEqual({
    build: { name: 'orders', version: '1.2.3' },
    node: { version: 'v20.19.0' },
  })
  const known = await serveActuator({ info: { ...info, git } })
  expect((await known.call('/actuator/info')).body.git).toEqual({ branch: 'main', commit: { id: 'abc123' } })
})

test('env and configprops tell each value with its place, and no secret in any form', async () => {
  const setting = (name: string, value: unknown, isSecret = false): Setting => ({
    name,
    value,
    isSecret,
    source: 'application.yaml',
    origin: 'application.yaml:3',
  })
  const secret = 'hunter2-'
  const settings = [
    setting('server.port', 8080),
    setting('kafka.topicKey', `${secret}1`, true),
    setting('kafka.sasl.password', `${secret}2`),
    setting('registry.url', `http://user:${secret}3@registry:8081`),
    setting('kafka.client', { 'ssl.key.password': `${secret}4`, acks: 'all', servers: [`x://${secret}5@h`] }),
    setting('shop.apiKey', `${secret}6`),
    setting('shop.monkey', 'chimp'),
  ]
  const { call } = await serveActuator({ ...all, settings })
  const env = await call('/actuator/env')
  const configprops = await call('/actuator/configprops')
  expect(env.text + configprops.text).not.toContain(secret)
  expect(env.body.activeProfiles).toEqual(['local'])
  expect(env.body.propertySources[0].properties).toMatchObject({
    'server.port': { value: 8080, origin: 'application.yaml:3' },
    'kafka.sasl.password': { value: '******' },
    'registry.url': { value: 'http://******@registry:8081' },
    'shop.monkey': { value: 'chimp' },
  })
  const { beans } = configprops.body.contexts.orders
  expect(Object.keys(beans)).toEqual(['server', 'kafka', 'registry', 'shop'])
  expect(beans.kafka.properties['kafka.client'].value).toEqual({
    'ssl.key.password': '******',
    acks: 'all',
    servers: ['x://******@h'],
  })
})

test('a level is changed, and given back to the parent', async () => {
  const { call, post } = await serveActuator(all)
  const kafka = async () => (await call('/actuator/loggers/kafka')).body
  expect(await kafka()).toEqual({ configuredLevel: null, effectiveLevel: 'INFO' })
  expect((await post('/actuator/loggers/kafka', { configuredLevel: 'DEBUG' })).status).toBe(204)
  expect(await kafka()).toEqual({ configuredLevel: 'DEBUG', effectiveLevel: 'DEBUG' })
  expect((await call('/actuator/loggers')).body.loggers.ROOT.effectiveLevel).toBe('INFO')
  expect((await post('/actuator/loggers/kafka', { configuredLevel: null })).status).toBe(204)
  expect((await kafka()).effectiveLevel).toBe('INFO')
})

test('a level or a logger that is none is refused as a problem', async () => {
  const { call, post } = await serveActuator(all)
  const wrong = await post('/actuator/loggers/kafka', { configuredLevel: 'LOUD' })
  expect(wrong.status).toBe(400)
  expect(wrong.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(wrong.body).toMatchObject({ title: 'Bad Request', status: 400 })
  expect((await post('/actuator/loggers/kafka', ['x'])).status).toBe(400)
  expect((await post('/actuator/loggers/none', { configuredLevel: 'info' })).status).toBe(404)
  expect((await call('/actuator/loggers/none')).status).toBe(404)
})

test('a listener is paused and resumed by its topic', async () => {
  const partitions = [{ partition: 0, lag: 3, inWork: 1, oldestInWorkMs: 20, quietMs: 5 }]
  const { call, post } = await serveActuator({
    ...all,
    listeners: listenerFacts([{ topic: 'order-placed', isPaused: false, partitions }]),
  })
  expect((await post('/actuator/listeners/order-placed/pause')).status).toBe(204)
  const { body } = await call('/actuator/listeners')
  expect(body).toMatchObject({ group: 'shop.orders', consumer: { is: 'member' } })
  expect(body.listeners).toEqual({ 'order-placed': { isPaused: true, partitions } })
  expect((await post('/actuator/listeners/order-placed/resume')).status).toBe(204)
  expect((await call('/actuator/listeners')).body.listeners['order-placed'].isPaused).toBe(false)
  expect((await post('/actuator/listeners/none/pause')).status).toBe(404)
})

test('a page of another site changes nothing', async () => {
  const { call, post } = await serveActuator({
    ...all,
    listeners: listenerFacts([{ topic: 'order-placed', isPaused: false, partitions: [] }]),
  })
  const foreign = { 'sec-fetch-site': 'cross-site' }
  expect((await post('/actuator/listeners/order-placed/pause', undefined, foreign)).status).toBe(403)
  expect((await call('/actuator/listeners')).body.listeners['order-placed'].isPaused).toBe(false)
  expect((await post('/actuator/listeners/order-placed/seek', { to: 'earliest' }, foreign)).status).toBe(403)
  expect((await post('/actuator/loggers/kafka', { configuredLevel: 'info' }, foreign)).status).toBe(403)
})

test('mappings name the routes of the service', async () => {
  const { call } = await serveActuator(all)
  const { mappings } = (await call('/actuator/mappings')).body.contexts.orders
  expect(mappings).toContainEqual({ method: 'GET', path: '/api/consumed' })
  for (const word of ['pause', 'resume', 'seek'])
    expect(mappings).toContainEqual({ method: 'POST', path: `/actuator/listeners/:topic/${word}` })
})
