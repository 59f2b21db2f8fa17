import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MemoryStore, memoryStore } from '../../../test/support/memory-store.ts'
import { type BrokerConfigs, createBrokerConfigs, givenProblem } from './broker-configs.ts'
import { openTopics } from './open-topics.ts'
import type { NewTopic, Topics } from './topics.ts'

interface Opened {
  readonly store: MemoryStore
  readonly configs: BrokerConfigs
  readonly topics: Topics
}

function open(store = memoryStore(), given: Record<string, string> = {}): Opened {
  const configs = createBrokerConfigs(1, new Map(Object.entries(given)))
  return { store, configs, topics: openTopics({ store, configs }) }
}

function wanted(name: string, more: Partial<NewTopic> & { set?: Record<string, string | null> } = {}): NewTopic {
  const { set = {}, ...rest } = more
  const configs = Object.entries(set).map(([key, value]) => ({ name: key, value }))
  return { name, partitions: 1, replicationFactor: 1, assignments: [], configs, ...rest }
}

function create(topics: Topics, ...args: Parameters<typeof wanted>) {
  return topics.create(wanted(...args))
}

describe('topics', () => {
  test('are found by name and by id, and keep their logs apart', () => {
    const { topics, store } = open()
    create(topics, 'orders', { partitions: 3 })
    create(topics, 'payments')
    const orders = topics.get('orders')!
    expect(topics.byId(orders.id)).toBe(orders)
    expect(orders.partitions).toHaveLength(3)
    expect([...topics.all()].map(({ name }) => name)).toEqual(['orders', 'payments'])
    expect([...store.open.keys()]).toHaveLength(4)
  })

  test('are there after a restart as they were, with what was set, grown and deleted', () => {
    const { topics, store } = open()
    create(topics, 'kept', { partitions: 2, set: { 'retention.ms': '1000' } })
    create(topics, 'gone')
    void topics.grow(topics.get('kept')!, 5)
    void topics.configure(topics.get('kept')!, new Map([['cleanup.policy', 'compact']]))
    void topics.configureBroker('', new Map([['log.segment.bytes', '2048']]))
    void topics.delete(topics.get('gone')!)
    const again = open(store.reopen())
    const kept = again.topics.get('kept')!
    expect(kept.id).toBe(topics.get('kept')!.id)
    expect(kept.partitions).toHaveLength(5)
    expect(Object.fromEntries(kept.overrides)).toEqual({ 'cleanup.policy': 'compact' })
    expect(kept.config).toMatchObject({ 'segment.bytes': 2048, 'cleanup.policy': { compact: true, delete: false } })
    expect(again.topics.get('gone')).toBeUndefined()
    expect([...again.topics.all()]).toHaveLength(1)
  })

  test('a topic that is deleted and created anew is another topic', () => {
    const { topics, store } = open()
    create(topics, 'orders', { partitions: 2 })
    const first = topics.get('orders')!
    const deleted: string[] = []
    topics.onDeleted(({ name }) => deleted.push(name))
    void topics.delete(first)
    expect(topics.get('orders')).toBeUndefined()
    expect(topics.byId(first.id)).toBeUndefined()
    expect(store.open.size).toBe(0)
    create(topics, 'orders')
    expect(topics.get('orders')!.id).not.toBe(first.id)
    expect(deleted).toEqual(['orders'])
  })

  test('names that differ in dots and underscores collide, until the other is gone', () => {
    const { topics } = open()
    create(topics, 'a.b')
    expect(create(topics, 'a_b')).toEqual({
      error: 'INVALID_TOPIC_EXCEPTION',
      message: "Topic 'a_b' collides with existing topic: a.b",
    })
    void topics.delete(topics.get('a.b')!)
    expect(create(topics, 'a_b')).toHaveProperty('created')
  })

  test('a topic of the name is there: nothing changes', () => {
    const { topics, store } = open()
    create(topics, 'orders', { partitions: 2 })
    const size = store.journalSize('topics')
    expect(create(topics, 'orders', { partitions: 4 })).toEqual({
      error: 'TOPIC_ALREADY_EXISTS',
      message: "Topic 'orders' already exists.",
    })
    expect(topics.get('orders')!.partitions).toHaveLength(2)
    expect(store.journalSize('topics')).toBe(size)
  })

  test('a check changes nothing', () => {
    const { topics, store } = open()
    expect(topics.check(wanted('orders', { partitions: 7 }))).toMatchObject({ name: 'orders', partitions: 7 })
    expect([...topics.all()]).toEqual([])
    expect(store.journalSize('topics')).toBe(0)
  })

  test('-1 asks for the defaults of the broker', () => {
    const { topics } = open(memoryStore(), { 'num.partitions': '4' })
    create(topics, 'orders', { partitions: -1, replicationFactor: -1 })
    expect(topics.get('orders')!.partitions).toHaveLength(4)
  })

  test('are created by their name alone where broker and client allow it', () => {
    const { topics } = open(memoryStore(), { 'num.partitions': '2' })
    expect(topics.autoCreate('asked', false)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(topics.autoCreate('no such name', true)).toBe('INVALID_TOPIC_EXCEPTION')
    expect(topics.autoCreate('asked', true)).toHaveProperty('partitions.length', 2)
    const strict = open(memoryStore(), { 'auto.create.topics.enable': 'false' })
    expect(strict.topics.autoCreate('asked', true)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  test('what is set on the broker holds for topics without a value of their own, at once', () => {
    const { topics } = open(memoryStore(), { 'log.retention.hours': '1' })
    create(topics, 'plain')
    create(topics, 'own', { set: { 'retention.ms': '5' } })
    const retention = () => ['plain', 'own'].map((name) => topics.get(name)!.config['retention.ms'])
    expect(retention()).toEqual([3_600_000, 5])
    void topics.configureBroker('', new Map([['log.retention.ms', '77']]))
    expect(retention()).toEqual([77, 5])
    void topics.configureBroker('1', new Map([['log.retention.ms', '78']]))
    expect(retention()).toEqual([78, 5])
    void topics.configureBroker('1', new Map())
    void topics.configureBroker('', new Map())
    expect(retention()).toEqual([3_600_000, 5])
  })

  test('the journal does not grow with history', () => {
    const { topics, store } = open()
    create(topics, 'busy')
    for (let n = 0; n < 20_000; n++) void topics.configure(topics.get('busy')!, new Map([['retention.ms', String(n)]]))
    expect(store.journalSize('topics')).toBeLessThan(2 * 1024 * 1024)
    expect(open(store.reopen()).topics.get('busy')!.config['retention.ms']).toBe(19_999)
  })
})

test('a broker is not started with configs that it does not know, or with values that they can not have', () => {
  expect(givenProblem(new Map([['num.partitions', '3']]))).toBeUndefined()
  expect(givenProblem(new Map([['num.partitons', '3']]))).toBe('this broker has no config num.partitons')
  expect(givenProblem(new Map([['num.partitions', '0']]))).toBe(
    'Invalid value 0 for configuration num.partitions: Value must be at least 1',
  )
})

const actions = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c.d', 'c_d'),
    do: fc.constantFrom('create', 'delete', 'grow', 'configure', 'restart'),
    n: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 40 },
)

test('random changes and restarts leave what a map of names would have', () => {
  fc.assert(
    fc.property(actions, (steps) => {
      let { topics, store } = open()
      const model = new Map<string, { partitions: number; retention?: string }>()
      for (const { name, do: action, n } of steps) {
        const topic = topics.get(name)
        if (action === 'restart') ({ topics, store } = open(store.reopen()))
        else if (action === 'create') {
          const collides = name.startsWith('c') && [...model.keys()].some((other) => other.startsWith('c'))
          const result = create(topics, name, { partitions: n })
          expect('created' in result).toBe(!model.has(name) && !collides)
          if ('created' in result) model.set(name, { partitions: n })
        } else if (topic) {
          if (action === 'delete') {
            void topics.delete(topic)
            model.delete(name)
          } else if (action === 'grow') {
            void topics.grow(topic, topic.partitions.length + n)
            model.get(name)!.partitions += n
          } else {
            void topics.configure(topic, new Map([['retention.ms', String(n)]]))
            model.get(name)!.retention = String(n)
          }
        }
        const seen = Array.from(topics.all(), (each) => [
          each.name,
          each.partitions.length,
          each.overrides.get('retention.ms'),
        ])
        expect(seen).toEqual(Array.from(model, ([key, { partitions, retention }]) => [key, partitions, retention]))
      }
    }),
    { numRuns: 300 },
  )
})
