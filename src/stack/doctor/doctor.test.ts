import { describe, expect, test } from 'vitest'
import { defaultStack } from '../../platform/stack.ts'
import type { Asked } from '../docker/engine/discovery/find-engine.ts'
import { engineCheck } from './engine.ts'
import { declaredPorts } from './ports.ts'
import { filesNeeded } from './room.ts'

const asked = (title: string, answer: Asked['answer'], host?: string): Asked => ({
  candidate: {
    source: 'Docker',
    title,
    address: host === undefined ? { kind: 'socket', path: title } : { kind: 'host', host, port: 2375 },
  },
  answer,
})
const docker = { state: 'answers', product: 'Docker', version: '27.0.3', api: '1.46' } as const

describe('the engines', () => {
  test('the first that answers counts, whatever stands before it', () => {
    const check = engineCheck([asked('unix:///a', { state: 'denied' }), asked('unix:///b', docker)], true)
    expect(check).toEqual({
      name: 'engine',
      state: 'ok',
      fact: 'Docker 27.0.3, API 1.46, at unix:///b',
      tried: ['unix:///a (Docker): this user may not', 'unix:///b (Docker): Docker 27.0.3, API 1.46'],
    })
  })

  test('that this user may not use one is the fact where none answers', () => {
    const all = [asked('unix:///a', { state: 'denied' }), asked('unix:///b', { state: 'absent' })]
    expect(engineCheck(all, true)).toMatchObject({
      state: 'missing',
      fact: 'this user may not use the engine at unix:///a',
      remedy: expect.stringContaining('usermod -aG docker') as string,
    })
    expect(engineCheck(all, false).state).toBe('warning')
  })

  test('one on another machine is a warning: nobody here reaches its ports', () => {
    expect(engineCheck([asked('tcp://build.example:2375', docker, 'build.example')], true)).toMatchObject({
      state: 'warning',
      fact: expect.stringContaining('is on that machine, not on this one') as string,
    })
  })
})

describe('what a stack takes of the machine', () => {
  test('its ports', () => {
    const settings = { ...defaultStack, kafka: { ...defaultStack.kafka, brokers: 3 }, services: ['postgres'] } as const
    expect(declaredPorts({ runtime: 'docker', settings }).map(({ server, port }) => `${server} ${port}`)).toEqual([
      'kafka-1 9092',
      'kafka-2 9093',
      'kafka-3 9094',
      'schema-registry 8081',
      'postgres 5432',
    ])
    expect(declaredPorts({ runtime: 'embedded', settings }).map(({ server }) => server)).toEqual([
      'kafka',
      'schema-registry',
      'postgres',
    ])
  })

  test('its files: Kafka keeps those of each copy open, the embedded broker does not', () => {
    const settings = { ...defaultStack, kafka: { ...defaultStack.kafka, brokers: 3 } } as const
    expect(filesNeeded({ runtime: 'native', settings, replicas: 3000 })).toBe(4000)
    expect(filesNeeded({ runtime: 'embedded', settings, replicas: 3000 })).toBe(1000)
  })
})
