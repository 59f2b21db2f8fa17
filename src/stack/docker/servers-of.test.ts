import { expect, test } from 'vitest'
import { stackSettings } from '../../../test/support/stack-settings.ts'
import { serversOf } from './servers-of.ts'

const place = (settings: ReturnType<typeof stackSettings>) => ({
  folder: '/work',
  project: 'shop',
  settings,
  env: {},
  signal: AbortSignal.any([]),
})

test('servers that were never started have the endpoints that are declared', () => {
  const settings = stackSettings({ kafka: { coordination: 'kraft', brokers: 3 }, services: ['postgres'] })
  expect(serversOf(place(settings), []).map(({ name, endpoint }) => [name, endpoint])).toEqual([
    ['kafka-1', '127.0.0.1:9092'],
    ['kafka-2', '127.0.0.1:9093'],
    ['kafka-3', '127.0.0.1:9094'],
    ['schema-registry', 'http://127.0.0.1:8081'],
    ['postgres', '127.0.0.1:5432'],
  ])
})

test('a port that may be any is not known before the start', () => {
  const settings = stackSettings({ kafka: { coordination: 'kraft' }, ports: { kafka: 'auto', registry: 'auto' } })
  expect(serversOf(place(settings), []).map(({ endpoint }) => endpoint)).toEqual(['', ''])
})

test('servers that were started are as they were started', () => {
  const record = {
    format: 1,
    runtime: 'docker',
    kafka: { version: '3.9', coordination: 'kraft', brokers: 1 },
    ports: { brokers: [1], registry: 2 },
    servers: [{ name: 'kafka', endpoint: '127.0.0.1:1', inside: 'kafka:29092' }],
  } as const
  expect(serversOf({ ...place(stackSettings()), record }, [])).toEqual(record.servers)
})
