import type { Handler } from '@evplat/service'
import { remember } from '../consumed.ts'
import type { topics } from '../generated/topics.ts'

/** Called for each event of events. When it throws, the event counts as failed: `failures` in platform.yaml says what follows. */
export const events: Handler<typeof topics, 'events'> = (event, delivery) => {
  const { topic, partition, offset, timestamp, id, key, log } = delivery
  remember({ topic, partition, offset, timestamp, id, key, event })
  log.info({ event }, 'received')
}
