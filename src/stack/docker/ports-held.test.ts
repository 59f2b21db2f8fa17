import { expect, test } from 'vitest'
import type { ContainerSummary } from './engine/engine.ts'
import { portsHeldBy } from './ports-held.ts'

function container(server: string, host?: number): ContainerSummary {
  const ports = host === undefined ? [] : [{ host, container: 9092 }]
  return {
    id: server,
    name: server,
    server,
    labels: {},
    image: 'image',
    imageId: 'id',
    state: host === undefined ? 'exited' : 'running',
    ports,
  }
}

test('containers that run have their ports, those that do not have the ones from before', () => {
  const before = { brokers: [9092], registry: 8081, zookeeper: 2181, services: { postgres: 5432 } }
  const containers = [container('kafka'), container('schema-registry', 8085), container('zookeeper', 2181)]
  expect(portsHeldBy(containers, before)).toEqual({ ...before, registry: 8085 })
})

test('one of three brokers that does not run keeps its port', () => {
  const containers = [container('kafka-1', 9092), container('kafka-2'), container('kafka-3', 9094)]
  expect(portsHeldBy(containers, { brokers: [9092, 9093, 9094] })).toMatchObject({ brokers: [9092, 9093, 9094] })
})

test('without a record what runs is known, and nothing else', () => {
  const three = [container('kafka-1', 9092), container('kafka-2', 9093), container('kafka-3', 9094)]
  expect(portsHeldBy(three)).toEqual({ brokers: [9092, 9093, 9094], services: {} })
  expect(portsHeldBy([container('kafka', 9092)])).toEqual({ brokers: [9092], services: {} })
  expect(portsHeldBy([container('kafka'), container('postgres', 5432)])).toEqual({ services: { postgres: 5432 } })
})
