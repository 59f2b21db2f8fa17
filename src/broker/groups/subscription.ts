// The topics that the members of a consumer group subscribed to, as far as the coordinator has to know them: their offsets are in use.
// The metadata of protocol type "consumer" starts with a version and the topics in all its versions.
import { compile } from '../../protocol/compile.ts'
import { array, int16, string } from '../../protocol/notation.ts'
import { Reader } from '../../protocol/reader.ts'
import type { Group } from './group.ts'
import { metadataOf } from './member.ts'

const beginning = { version: int16(), topics: array(string()) }

export const consumerType = 'consumer'

/** The topics; undefined when they can't be known, because the group is of another type or its members write otherwise. */
export function subscribedTopics(group: Group): ReadonlySet<string> | undefined {
  if (group.protocolType !== consumerType) return undefined
  const codec = compile(beginning, { version: 0, flexible: false })
  const topics = new Set<string>()
  try {
    for (const member of group.members.values()) {
      const subscription = codec.read(new Reader(metadataOf(member, group.protocolName)))
      for (const topic of subscription.topics) topics.add(topic)
    }
  } catch {
    return undefined // not the consumer protocol, whatever it calls itself
  }
  return topics
}
