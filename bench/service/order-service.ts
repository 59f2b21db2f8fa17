// The contract's service, as its author would write it.
import { type Listeners, defineService } from '../../src/service/main.ts'
import { Stats, placed, registerSchemas, serviceOf, settle, settled, topicsOf } from './orders.ts'

export interface Setting {
  /** `orders` has the POST, `payments` the listener */
  readonly profile: string
  readonly group: string
  /** what the listener does: `noop` (`noop-batch`: by the batch), or one record for each: `produce` by the batch, `produce-each` by the record */
  readonly handler: string
  readonly registryUrl: string
}

type OrderTopics = ReturnType<typeof topicsOf>

export function orderService({ profile, group, handler, registryUrl }: Setting) {
  const stats = new Stats()
  return defineService({
    service: serviceOf(profile, group),
    topics: topicsOf(profile),
    http: (app) => void app.get('/lab/stats', async () => stats),
    listeners: profile === 'orders' ? {} : (listenersOf[handler] ?? counting)(stats),
    onStart: async () => void (await registerSchemas(registryUrl)),
  })
}

const counting = (stats: Stats): Listeners<OrderTopics> => ({ [placed]: (order) => stats.count(order) })

const countingBatches = (stats: Stats): Listeners<OrderTopics> => ({
  [placed]: {
    batch: { max: 2000 },
    handleBatch: (batch) => {
      for (const { event } of batch) stats.count(event)
    },
  },
})

const settling = (stats: Stats): Listeners<OrderTopics> => ({
  [placed]: {
    handleBatch: async (batch, { producer }) => {
      await Promise.all(batch.map(({ event }) => producer.send(settled, settle(event), { key: event.orderId })))
      for (const { event } of batch) stats.count(event)
    },
  },
})

/** Orders have keys of their own, so that many may be under way. */
const settlingEach = (stats: Stats): Listeners<OrderTopics> => ({
  [placed]: {
    concurrency: { by: 'key', max: 1000 },
    handle: async (order, { producer }) => {
      await producer.send(settled, settle(order), { key: order.orderId })
      stats.count(order)
    },
  },
})

const listenersOf: Readonly<Record<string, (stats: Stats) => Listeners<OrderTopics>>> = {
  noop: counting,
  'noop-batch': countingBatches,
  produce: settling,
  'produce-each': settlingEach,
}
