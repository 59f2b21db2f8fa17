import { describe, expect, test } from 'vitest'
import type { PortFacts } from './ask-service.ts'
import type { GroupFacts } from './read-groups.ts'
import { type ServiceFacts, isRunning, serviceStatus } from './service-status.ts'

const service = { name: 'billing', port: 8082, group: 'bills', consumes: ['orders'] }
const group: GroupFacts = { members: 2, isRebalancing: false, lag: 5, unassigned: new Map() }
const empty: GroupFacts = { ...group, members: 0, unassigned: new Map([['orders', [0, 1]]]) }
const itself: PortFacts = { kind: 'itself', isReady: true, isAlive: true, down: [] }

const judged = (facts: Partial<ServiceFacts>): unknown[] => {
  const all = { service, port: itself, group, ...facts }
  const { state, detail } = serviceStatus(all)
  return [state, isRunning(all), detail]
}

describe('the state of a service', () => {
  test('has its address, its group, and what Kafka tells of that', () => {
    expect(serviceStatus({ service, port: itself, group })).toEqual({
      name: 'billing',
      endpoint: 'http://127.0.0.1:8082',
      state: 'ready',
      group: 'bills',
      members: 2,
      lag: 5,
    })
    expect(serviceStatus({ service, port: { kind: 'nobody' }, group: undefined })).toEqual({
      name: 'billing',
      endpoint: 'http://127.0.0.1:8082',
      state: 'stopped',
      group: 'bills',
    })
    const producing = { name: 'shop', group: 'shop', consumes: [] }
    expect(serviceStatus({ service: producing, port: itself, group: undefined })).toEqual({
      name: 'shop',
      endpoint: '',
      state: 'ready',
    })
  })

  test('is what it says at its port', () => {
    expect(judged({})).toEqual(['ready', true, undefined])
    const notReady = { ...itself, isReady: false }
    expect(judged({ port: notReady })).toEqual(['starting', true, 'it says that it is not ready'])
    expect(judged({ port: { ...notReady, down: ['kafka', 'listeners'] } })).toEqual([
      'starting',
      true,
      'it says that it is not ready: kafka, listeners',
    ])
    expect(judged({ port: { ...notReady, isAlive: false } })).toEqual(['failed', true, 'it says that it is not ready'])
  })

  test('where nobody listens, or somebody else, its group tells whether it runs', () => {
    expect(judged({ port: { kind: 'nobody' }, group: empty })).toEqual(['stopped', false, undefined])
    expect(judged({ port: { kind: 'nobody' } })).toEqual([
      'failed',
      true,
      'nobody listens on port 8082, and its group has 2 members',
    ])
    expect(judged({ port: { kind: 'silent' }, group: empty })).toEqual([
      'failed',
      false,
      'port 8082 takes connections and gives no answer',
    ])
    expect(judged({ port: { kind: 'other', who: 'service "shop"' }, group: empty })).toEqual([
      'failed',
      false,
      'port 8082 is taken by service "shop"',
    ])
  })

  test('without a port its group tells', () => {
    const port = undefined
    expect(judged({ port })).toEqual(['ready', true, undefined])
    expect(judged({ port, group: empty })).toEqual(['stopped', false, undefined])
    expect(judged({ port, group: { ...group, isRebalancing: true } })).toEqual([
      'starting',
      true,
      'its group is rebalancing',
    ])
    expect(judged({ port, group: undefined })).toEqual([
      'stopped',
      false,
      'it has no port, and Kafka does not tell of its group',
    ])
    expect(judged({ port, group: undefined, service: { ...service, consumes: [] } })).toEqual([
      'stopped',
      false,
      'it has no port and no group, so nothing tells of it',
    ])
  })

  test('tells what it does not read although it is ready', () => {
    const unassigned = new Map([
      ['orders', [0, 2]],
      ['payments', [1]],
    ])
    expect(judged({ group: { ...group, unassigned } })).toEqual([
      'ready',
      true,
      'no member of its group reads orders 0, 2; payments 1',
    ])
    expect(judged({ group: { ...group, unassigned, isRebalancing: true } })).toEqual([
      'ready',
      true,
      'its group is rebalancing',
    ])
  })
})
