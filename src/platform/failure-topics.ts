// The retry and dead-letter topics that the `failures` of services ask for.
import { deadLetterTopicName, retryTopicName } from '../core/failure-topic-names.ts'
import { type Located, keyPlaceOf, shown } from './located.ts'
import type { Service, Topic } from './platform.ts'
import type { Report } from '../yaml/report.ts'
import { compactionConfigs } from './topic-configs.ts'
import { topicNameProblem } from './topic-names.ts'

/** The topics that services need beside the declared ones, each with the settings of the topic that the records come from. */
export function failureTopics(
  services: readonly Service[],
  declared: readonly Topic[],
  file: Located,
  report: Report,
): Topic[] {
  const byName = new Map(declared.map((topic) => [topic.name, topic]))
  return services.flatMap((service) => {
    const { failures, group, consumes } = service
    if (!failures) return []
    const at = keyPlaceOf(file, ['services', service.name, 'failures'])
    return [...new Set(consumes)].flatMap((name) => {
      const source = byName.get(name)
      if (!source) return []
      const names = failures.retryMs.map((delay) => retryTopicName(name, group, delay))
      if (failures.then === 'dlt') names.push(deadLetterTopicName(name, group))
      const problem = names.map(topicNameProblem).find((text) => text !== undefined)
      if (problem !== undefined)
        report.error({
          code: 'invalid-name',
          at,
          message: `a topic for the failures of service "${service.name}" cannot be made: its name ${problem}`,
          remedy: `names are made of the topic ${shown(name)} and the group ${shown(group)}: shorten or change one of them`,
        })
      return [...new Set(names)].map((made) => madeTopic(made, service.name, source, at))
    })
  })
}

/** A retry that waits must not be taken for an older version of another record: these topics are never compacted. */
function madeTopic(name: string, service: string, source: Topic, at: Topic['at']): Topic {
  const config = new Map(source.config)
  if (config.get('cleanup.policy')?.includes('compact')) {
    for (const key of compactionConfigs) config.delete(key)
    config.set('cleanup.policy', 'delete')
  }
  const fields = ['partitions', 'replication', ...[...config.keys()].map((key) => `config.${key}`)]
  const { owner, partitions, replication, key, value } = source
  return {
    name,
    at,
    places: new Map(fields.map((field) => [field, at])),
    ...(owner !== undefined && { owner }),
    partitions,
    replication,
    config,
    key,
    value,
    external: false,
    madeFor: { service, source: source.name },
  }
}
