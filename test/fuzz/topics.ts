// The topics of a run: each makes the broker look at something else in a batch.
import { createTopics } from '../../src/protocol/messages/create-topics.ts'
import { openWire } from '../differential/wire.ts'
import { topic } from '../differential/requests.ts'
import { topicNames } from './body.ts'

const configs: Readonly<Record<(typeof topicNames)[number], readonly (readonly [string, string])[]>> = {
  orders: [],
  compacted: [['cleanup.policy', 'compact']],
  timely: [['message.timestamp.before.max.ms', '1000']],
}

/** Makes those that are not there: damaged requests delete some. */
export async function makeTopics(port: number): Promise<void> {
  const wire = await openWire('127.0.0.1', port)
  const topics = topicNames.map((name) => topic(name, { partitions: 2, configs: configs[name] }))
  await wire.send(createTopics, 7, { topics, timeoutMs: 1000 })
  wire.close()
}
