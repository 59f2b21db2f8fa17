// The topics of the contract, and the events that go through them.
import type { DeclaredService, Topic } from '../../src/service/main.ts'

export interface OrderPlaced {
  readonly orderId: string
  readonly customerId: string
  readonly sku: string
  readonly quantity: number
  readonly amountCents: number
  readonly currency: string
  readonly note: string
  readonly placedAt: number
}

export interface PaymentSettled {
  readonly orderId: string
  readonly amountCents: number
  readonly currency: string
  readonly settledAt: number
}

export const placed = 'orders.placed'
export const settled = 'payments.settled'

export const orderSchema = {
  type: 'record',
  name: 'OrderPlaced',
  namespace: 'lab.orders',
  fields: [
    { name: 'orderId', type: 'string' },
    { name: 'customerId', type: 'string' },
    { name: 'sku', type: 'string' },
    { name: 'quantity', type: 'int' },
    { name: 'amountCents', type: 'long' },
    { name: 'currency', type: 'string' },
    { name: 'note', type: 'string' },
    { name: 'placedAt', type: 'long' },
  ],
} as const

export const paymentSchema = {
  type: 'record',
  name: 'PaymentSettled',
  namespace: 'lab.orders',
  fields: [
    { name: 'orderId', type: 'string' },
    { name: 'amountCents', type: 'long' },
    { name: 'currency', type: 'string' },
    { name: 'settledAt', type: 'long' },
  ],
} as const

export const subjects = { [`${placed}-value`]: orderSchema, [`${settled}-value`]: paymentSchema }

const key = { kind: 'string' } as const

/** As `src/generated/topics.ts` of a platform would have them. */
export const topicsOf = (profile: string) => ({
  [placed]: {
    key,
    value: { kind: 'avro', subject: `${placed}-value`, schema: orderSchema },
    produced: profile === 'orders',
    consumed: profile === 'payments',
  } as Topic<string, OrderPlaced>,
  [settled]: {
    key,
    value: { kind: 'avro', subject: `${settled}-value`, schema: paymentSchema },
    produced: profile === 'payments',
    consumed: false,
  } as Topic<string, PaymentSettled>,
})

export const serviceOf = (profile: string, group: string): DeclaredService => ({ name: profile, group })

/** The order with that number, 200 bytes of Avro. */
export const order = (i: number): OrderPlaced => ({
  orderId: `o-${String(i).padStart(8, '0')}`,
  customerId: `customer-${String((i * 7) % 5000).padStart(5, '0')}`,
  sku: `SKU-${String(i % 300).padStart(4, '0')}`,
  quantity: (i % 9) + 1,
  amountCents: 100 + i * 13,
  currency: 'EUR',
  note: 'n'.repeat(143),
  placedAt: 1_700_000_000_000 + i,
})

/** Of the amounts of the first `count` orders. */
export const sumOf = (count: number): number => count * 100 + (13 * count * (count - 1)) / 2

export const settle = ({ orderId, amountCents, currency }: OrderPlaced): PaymentSettled => ({
  orderId,
  amountCents,
  currency,
  settledAt: Date.now(),
})

/** What a listener has seen: `GET /lab/stats`. Times in milliseconds since 1970. */
export class Stats {
  handled = 0
  sum = 0
  firstAt = 0
  lastAt = 0

  count({ amountCents }: OrderPlaced): void {
    this.lastAt = Date.now()
    this.firstAt ||= this.lastAt
    this.handled++
    this.sum += amountCents
  }
}

/** The ids of the schemas, by subject; new ones are registered. */
export async function registerSchemas(registryUrl: string): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>()
  for (const [subject, schema] of Object.entries(subjects)) {
    const answer = await fetch(`${registryUrl}/subjects/${subject}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema: JSON.stringify(schema) }),
    })
    if (!answer.ok) throw new Error(`the registry says ${answer.status} to "${subject}"`)
    ids.set(subject, ((await answer.json()) as { id: number }).id)
  }
  return ids
}
