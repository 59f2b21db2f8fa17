// The topics and groups that a request names, whatever API it belongs to: Kafka's messages call these fields alike.

/** fields whose text, or whose items' texts, are names of topics */
export const topicLists = ['topics', 'topicData', 'topicPartitions', 'resources', 'topicNames'] as const
const resourceTopic = 2

interface Named {
  readonly name?: unknown
  readonly topic?: unknown
  readonly topicId?: unknown
  readonly resourceType?: unknown
  readonly resourceName?: unknown
}

function* namesOfItem(item: unknown, nameOfId: (id: string) => string | undefined): Generator<string> {
  if (typeof item === 'string') yield item
  if (typeof item !== 'object' || item === null) return
  const { name, topic, topicId, resourceType, resourceName } = item as Named
  if (typeof name === 'string') yield name
  if (typeof topic === 'string' && topic !== '') yield topic
  if (resourceType === resourceTopic && typeof resourceName === 'string') yield resourceName
  const known = typeof topicId === 'string' ? nameOfId(topicId) : undefined
  if (known !== undefined) yield known
}

/** Whether an item of such a list is about the topic. */
export function namesTopic(item: unknown, topic: string, nameOfId: (id: string) => string | undefined): boolean {
  return [...namesOfItem(item, nameOfId)].includes(topic)
}

/** Names of topics in a decoded request. `nameOfId` knows those that are named by id. */
export function topicsIn(request: object, nameOfId: (id: string) => string | undefined): Set<string> {
  const found = new Set<string>()
  const fields = request as Readonly<Record<string, unknown>>
  const lists = [fields, ...(Array.isArray(fields['groups']) ? fields['groups'] : [])] as Readonly<
    Record<string, unknown>
  >[]
  for (const holder of lists)
    for (const key of topicLists) {
      const list = holder[key]
      if (Array.isArray(list)) for (const item of list) for (const name of namesOfItem(item, nameOfId)) found.add(name)
    }
  return found
}

/** Names of groups in a decoded request. */
export function groupsIn(request: object): Set<string> {
  const { groupId, groups, groupsNames, key, keyType, coordinatorKeys } = request as Readonly<Record<string, unknown>>
  const names: unknown[] = [groupId]
  for (const list of [groups, groupsNames])
    if (Array.isArray(list))
      for (const item of list)
        names.push(typeof item === 'object' && item !== null ? (item as { groupId?: unknown }).groupId : item)
  if (keyType === 0) names.push(key, ...(Array.isArray(coordinatorKeys) ? coordinatorKeys : []))
  return new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''))
}
