// Where the embedded broker differs on purpose: each of these shows an entry of differences.ts.
import { deleteTopics } from '../../../src/protocol/messages/delete-topics.ts'
import { describeConfigs } from '../../../src/protocol/messages/describe-configs.ts'
import { alter, create, describe, kinds, listTopics, topic } from '../requests.ts'
import { type Scenario, scenario, send } from '../scenario.ts'

const documented = [
  { resourceType: kinds.topic, resourceName: 'orders', configurationKeys: ['retention.ms', 'flush.ms'] },
]

export const differenceScenarios: readonly Scenario[] = [
  scenario('all keys of the broker', describe(4, [[kinds.broker, '1']])),
  scenario(
    'documentation of configs',
    create(7, [topic('orders')]),
    send(describeConfigs, 4, { resources: documented, includeSynonyms: false, includeDocumentation: true }),
  ),
  scenario(
    'keys of the broker that are not known',
    alter(1, [[kinds.broker, '1', ['set', 'nope', '3']]]),
    alter(1, [[kinds.broker, '1', ['set', 'log.cleaner.threads', '2']]]),
    alter(1, [[kinds.broker, '1', ['delete', 'nope']]]),
  ),
  scenario(
    'subscriptions to client metrics',
    alter(1, [[kinds.clientMetrics, 'all', ['set', 'interval.ms', '5000']]], true),
  ),
  scenario('loggers of another node', alter(1, [[kinds.loggers, '7', ['set', 'no.such.logger', 'INFO']]])),
  scenario(
    'topics whose deletion may take no time',
    create(7, [topic('orders')]),
    send(deleteTopics, 4, { topicNames: ['orders'], timeoutMs: -1 }),
    listTopics(),
  ),
]
