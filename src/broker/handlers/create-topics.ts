// CreateTopics: each topic on its own, whatever becomes of the others; but a request that is too large is refused as a whole, and a
// name that comes twice is created not at all. Validate-only (from version 1 on) checks everything and answers what would be.
// From version 5 on the answer tells the configs that hold, from version 7 on the id.
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { createTopics } from '../../protocol/messages/create-topics.ts'
import type { Broker } from '../broker.ts'
import { type Answer, handler } from '../handler.ts'
import type { BrokerConfigs } from '../topics/broker-configs.ts'
import { effectiveConfig } from '../topics/topic-config.ts'
import { topicConfigs } from '../topics/topic-config-table.ts'
import type { CreatedTopic, NewTopic, Problem } from '../topics/topics.ts'
import { mostPartitions, tooManyPartitions } from './partition-limit.ts'
import { repeated } from './repeated.ts'
import { attempt, deviceRefuses, type Done, whenDurable } from './when-durable.ts'

type Request = RequestRead<typeof createTopics>
type Asked = Request['topics'][number]
type Told = ResponseWritten<typeof createTopics>['topics'][number]

/** of one request: topics, partitions and configs together */
const mostRecords = 10_000

function refuse(name: string, { error, message }: Problem): Told {
  return { name, errorCode: errorCode(error), errorMessage: message, configs: [] }
}

function tell({ id, name, partitions, overrides }: CreatedTopic, configs: BrokerConfigs): Told {
  const told = topicConfigs.map((definition) => {
    const { value, source } = effectiveConfig(definition, overrides, configs)
    return { name: definition.name, value, readOnly: false, configSource: source, isSensitive: false }
  })
  return {
    name,
    topicId: id,
    errorCode: 0,
    errorMessage: null,
    numPartitions: partitions,
    replicationFactor: 1,
    configs: told.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

function toNewTopic({ name, numPartitions, replicationFactor, assignments, configs }: Asked): NewTopic {
  return { name, partitions: numPartitions, replicationFactor, assignments, configs }
}

function partitionsAsked({ numPartitions, assignments }: Asked, fallback: number): number {
  if (assignments.length > 0) return assignments.length
  return numPartitions === -1 ? fallback : numPartitions
}

const tooLarge: Problem = { error: 'POLICY_VIOLATION', message: 'Unable to perform excessively large batch operation.' }

/** Names that are not even looked at: they come after the others in the answer. */
function setAside(topics: readonly Asked[]): { readonly good: Asked[]; readonly bad: Told[] } {
  const names = topics.map(({ name }) => name)
  const twice = repeated(names)
  const prohibited = (name: string): string | undefined => {
    if (twice.has(name)) return 'Duplicate topic name.'
    return name === '__cluster_metadata' ? `Creation of internal topic ${name} is prohibited.` : undefined
  }
  const bad = [...new Set(names)].flatMap((name) => {
    const message = prohibited(name)
    return message === undefined ? [] : [refuse(name, { error: 'INVALID_REQUEST', message })]
  })
  return { good: topics.filter(({ name }) => prohibited(name) === undefined), bad }
}

function handle(
  { topics, configs }: Broker,
  request: Request,
): Answer<typeof createTopics> | Promise<Answer<typeof createTopics>> {
  const { good, bad } = setAside(request.topics)
  const refuseAll = (problem: Problem): Answer<typeof createTopics> => ({
    topics: [...good.map(({ name }) => refuse(name, problem)), ...bad],
  })
  const fallback = Number(configs.typed('num.partitions'))
  const partitions = good.reduce((sum, asked) => sum + partitionsAsked(asked, fallback), 0)
  if (partitions > mostPartitions) return refuseAll(tooManyPartitions)
  const checked = good.map((asked) => topics.check(toNewTopic(asked)))
  const accepted = checked.filter((each) => 'id' in each)
  const records = accepted.reduce((sum, topic) => sum + 1 + topic.partitions + topic.overrides.size, 0)
  if (records > mostRecords) return refuseAll(tooLarge)
  const done = good.map(({ name }, i): Done<Told> => {
    const verdict = checked[i]!
    if ('error' in verdict) return { told: refuse(name, verdict) }
    const durable = request.validateOnly ? undefined : attempt(() => topics.add(verdict))
    return { told: tell(verdict, configs), durable, refused: refuse(name, deviceRefuses) }
  })
  return whenDurable(done, (told) => ({ topics: [...told, ...bad] }))
}

export const createTopicsHandler = handler({ api: createTopics, versions: [0, 7], handle })
