// DescribeConfigs: of topics, of the broker, and of all brokers (''): what is set for all, and nothing else. There are no loggers and no
// subscriptions to client metrics, which is what is told of them. A kind of resource that 3.9 does not know refuses the whole request.
// Sources and synonyms are told from version 1 on, types and documentation from version 3 on; version 0 has isDefault, which Kafka
// leaves false.
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { describeConfigs } from '../../protocol/messages/describe-configs.ts'
import type { Broker } from '../broker.ts'
import { handler } from '../handler.ts'
import { configTypes } from '../topics/config-definition.ts'
import { type DescribedConfig, describeBroker, describeDefaults, describeTopic } from '../topics/described-config.ts'
import { nameProblem } from '../topics/topic-name.ts'
import type { Problem } from '../topics/topics.ts'
import { invalidRequest, nodeToDescribeProblem, resourceTypes } from './config-resources.ts'
import { generalWords } from './general-words.ts'

type Request = RequestRead<typeof describeConfigs>
type Asked = Request['resources'][number]
type Told = ResponseWritten<typeof describeConfigs>['results'][number]

const known = new Set<number>(Object.values(resourceTypes))

function topicOf({ topics, configs }: Broker, name: string): readonly DescribedConfig[] | Problem {
  const why = nameProblem(name)
  if (why !== undefined) return { error: 'INVALID_TOPIC_EXCEPTION', message: why }
  const topic = topics.get(name)
  return topic ? describeTopic(topic, configs) : { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: '' }
}

function find(broker: Broker, { resourceType, resourceName }: Asked): readonly DescribedConfig[] | Problem {
  const { configs, nodeId } = broker
  switch (resourceType) {
    case resourceTypes.topic:
      return topicOf(broker, resourceName)
    case resourceTypes.broker: {
      const problem = nodeToDescribeProblem(resourceName, nodeId, false)
      return problem ?? (resourceName === '' ? describeDefaults(configs) : describeBroker(configs))
    }
    case resourceTypes.brokerLogger:
      return nodeToDescribeProblem(resourceName, nodeId, true) ?? []
    default:
      return resourceName === '' ? invalidRequest('Client metrics subscription name must not be empty') : []
  }
}

function refuse({ resourceType, resourceName }: Asked, { error, message }: Problem): Told {
  return { errorCode: errorCode(error), errorMessage: message, resourceType, resourceName, configs: [] }
}

function tell(config: DescribedConfig, request: Request): Told['configs'][number] {
  return {
    name: config.name,
    value: config.value,
    readOnly: config.readOnly,
    configSource: config.source,
    isSensitive: false,
    synonyms: request.includeSynonyms ? config.layers : [],
    configType: configTypes[config.type],
    documentation: request.includeDocumentation ? config.documentation : null,
  }
}

export const describeConfigsHandler = handler({
  api: describeConfigs,
  versions: [0, 4],
  handle: (broker, request) => {
    const { resources } = request
    if (resources.some(({ resourceType }) => !known.has(resourceType))) {
      const malformed = invalidRequest(generalWords.INVALID_REQUEST)
      return { throttleTimeMs: 0, results: resources.map((asked) => refuse(asked, malformed)) }
    }
    const results = resources.map((asked): Told => {
      const found = find(broker, asked)
      if ('error' in found) return refuse(asked, found)
      const { resourceType, resourceName, configurationKeys } = asked
      const isWanted = (name: string): boolean => !configurationKeys?.length || configurationKeys.includes(name)
      const configs = found.filter(({ name }) => isWanted(name)).map((config) => tell(config, request))
      return { errorCode: 0, errorMessage: '', resourceType, resourceName, configs }
    })
    return { throttleTimeMs: 0, results }
  },
})
