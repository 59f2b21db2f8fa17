import { describe, expect, expectTypeOf, test } from 'vitest'
import { EvplatError } from '../core/errors.ts'
import { defineService } from './define-service.ts'
import type { Topic } from './definition.ts'

interface Placed {
  readonly id: string
  readonly amount: number
}

const service = { name: 'billing', group: 'billing' }
const text = { kind: 'string' } as const
const topics = {
  'orders.placed': { key: text, value: { kind: 'json' }, produced: false, consumed: true } as Topic<string, Placed>,
  'payments.settled': { key: text, value: text, produced: true, consumed: false } as Topic<string, string>,
}

function refusalOf(define: () => unknown): { message: string; hint: string | undefined } {
  try {
    define()
  } catch (thrown) {
    if (thrown instanceof EvplatError) return { message: thrown.message, hint: thrown.parts.hint }
    throw thrown
  }
  throw new Error('it was taken')
}

describe('a service', () => {
  test('is the very data that was written; the types of a handler follow from the name of its topic', () => {
    const definition = {
      service,
      topics,
      listeners: {
        'orders.placed': (event: Placed) => event.amount,
      },
    }
    expect(defineService(definition)).toBe(definition)
    defineService({
      service,
      topics,
      listeners: {
        'orders.placed': async (event, { key, producer }) => {
          expectTypeOf(event).toEqualTypeOf<Placed>()
          expectTypeOf(key).toEqualTypeOf<string | null>()
          // @ts-expect-error the topic takes text
          await producer.send('payments.settled', 42)
          // @ts-expect-error there is no such topic
          await producer.send('payments.failed', 'text')
        },
      },
    })
  })

  test('listens to nothing that it does not consume', () => {
    const listeners = { 'orders.placed': () => undefined, 'payments.settled': () => undefined }
    expect(refusalOf(() => defineService({ service, topics, listeners }))).toEqual({
      message: 'service "billing" listens to "payments.settled", which it does not consume',
      hint: 'add it to `consumes` of the service in platform.yaml, then `evplat types`',
    })
  })

  test('listens to all that it consumes', () => {
    expect(refusalOf(() => defineService({ service, topics })).message).toBe(
      'service "billing" consumes "orders.placed" and has no listener of it',
    )
  })
})
