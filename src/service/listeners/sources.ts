// The topics that a service reads, and where a group that is new begins each.
import { retryTopicName } from '../../core/failure-topic-names.ts'
import type { StartFrom } from '../../kafka/driver/port.ts'
import type { DeclaredService } from '../definition.ts'
import type { ListenerDefinition } from './words.ts'

/** A topic that is read: a declared one, or a retry topic of it. */
export interface Source {
  readonly definition: ListenerDefinition
  readonly isRetry: boolean
  readonly startFrom: StartFrom
}

/** Retry topics are always read from their beginning: what is in them is the group's own work. */
export function sourcesOf(
  { failures, group }: DeclaredService,
  definitions: readonly ListenerDefinition[],
): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>()
  for (const definition of definitions) {
    const { topic, startFrom = 'earliest' } = definition
    const start = startFrom instanceof Date ? startFrom.getTime() : startFrom
    sources.set(topic, { definition, isRetry: false, startFrom: start })
    for (const delayMs of failures?.retryMs ?? [])
      sources.set(retryTopicName(topic, group, delayMs), { definition, isRetry: true, startFrom: 'earliest' })
  }
  return sources
}
