import { describe, expect, test } from 'vitest'
import type { ContainerSummary } from './engine/engine.ts'
import { keptPorts } from './ports-held.ts'

function container(server: string, host: number | undefined): ContainerSummary {
  const ports = host === undefined ? [] : [{ host, container: 1 }]
  const state = host === undefined ? 'exited' : 'running'
  return { id: server, name: server, server, labels: {}, image: 'x', state, ports }
}

const noted = { brokers: [1, 2, 3], registry: 4, zookeeper: 5, services: { postgres: 6, mongodb: 7 } }

describe('the ports that a stack of containers keeps', () => {
  test('are those that it has, where there is no record', () => {
    const containers = [container('kafka-2', 2), container('schema-registry', 4), container('kafka-1', 1)]
    expect(keptPorts(undefined, containers)).toEqual({ brokers: [1, 2], registry: 4, services: {} })
    expect(keptPorts(undefined, [])).toEqual({ services: {} })
  })

  test('are those of the record, also of servers that do not run while others do', () => {
    const all = ['kafka-1', 'kafka-2', 'kafka-3', 'schema-registry', 'zookeeper', 'postgres', 'mongodb']
    expect(keptPorts(noted, [])).toEqual(noted)
    for (const dead of all) {
      const containers = all.map((name, i) => container(name, name === dead ? undefined : i + 1))
      expect(keptPorts(noted, containers), dead).toEqual(noted)
    }
  })

  test('are those that it has, where the record says otherwise', () => {
    const moved = [container('schema-registry', 14), container('mongodb', 17)]
    expect(keptPorts(noted, moved)).toEqual({ ...noted, registry: 14, services: { postgres: 6, mongodb: 17 } })
    const brokers = ['kafka-1', 'kafka-2', 'kafka-3'].map((name, i) => container(name, 11 + i))
    expect(keptPorts(noted, brokers)).toEqual({ ...noted, brokers: [11, 12, 13] })
  })
})
