// DeleteTopics: by name, and from version 6 on by name or id. What is deleted is gone at once for every other request.
// Where the broker does not delete topics (delete.topic.enable), clients before version 3 have no error for that.
import { groupBy } from '../../core/group-by.ts'
import type { RequestRead, ResponseWritten } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { deleteTopics } from '../../protocol/messages/delete-topics.ts'
import type { Broker } from '../broker.ts'
import { type Answer, type Call, handler } from '../handler.ts'
import { noId } from '../topics/topic-id.ts'
import type { Problem, Topic } from '../topics/topics.ts'
import { generalWords } from './general-words.ts'
import { attempt, deviceRefuses, type Done, whenDurable } from './when-durable.ts'

type Request = RequestRead<typeof deleteTopics>
type Told = ResponseWritten<typeof deleteTopics>['responses'][number]

interface Asked {
  readonly name: string | null
  readonly topicId: string
}

const invalid = (message: string): Problem => ({ error: 'INVALID_REQUEST', message })
const unknown = (error: 'UNKNOWN_TOPIC_OR_PARTITION' | 'UNKNOWN_TOPIC_ID'): Problem => {
  return { error, message: generalWords[error] }
}
const sameTopic = invalid('The provided topic name maps to an ID that was already supplied.')

function refuse({ name, topicId }: Asked, { error, message }: Problem): Told {
  return { name, topicId, errorCode: errorCode(error), errorMessage: message }
}

function disabled(asked: Asked, version: number): Told {
  return refuse(asked, { error: version < 3 ? 'INVALID_REQUEST' : 'TOPIC_DELETION_DISABLED', message: null })
}

function malformed({ name, topicId }: Asked): Problem | undefined {
  if (name === null && topicId === noId) return invalid('Neither topic name nor id were specified.')
  if (name !== null && topicId !== noId) return invalid('You may not specify both topic name and topic id.')
  return undefined
}

/** The first of each group, and whether there are others. */
function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): { readonly first: T; readonly isAlone: boolean }[] {
  return Array.from(groupBy(items, keyOf).values(), ([first, ...others]) => ({
    first: first!,
    isAlone: others.length === 0,
  }))
}

/** What one entry of the request comes to: a topic, or a refusal. */
function understand({ topics }: Broker, each: Asked, isAlone: boolean): Topic | Told {
  const { name, topicId } = each
  const problem = malformed(each)
  if (problem) return refuse(each, problem)
  if (!isAlone) return refuse(each, invalid(name === null ? 'Duplicate topic id.' : 'Duplicate topic name.'))
  if (name === null) return topics.byId(topicId) ?? refuse(each, unknown('UNKNOWN_TOPIC_ID'))
  return topics.get(name) ?? refuse(each, unknown('UNKNOWN_TOPIC_OR_PARTITION'))
}

const isTopic = (understood: Topic | Told): understood is Topic => 'partitions' in understood

/** What comes more than once, under its name, its id or both, is told once and not deleted. */
function handle(
  broker: Broker,
  request: Request,
  { version }: Call,
): Answer<typeof deleteTopics> | Promise<Answer<typeof deleteTopics>> {
  const asked: readonly Asked[] =
    version >= 6 ? request.topics : request.topicNames.map((name) => ({ name, topicId: noId }))
  if (broker.configs.typed('delete.topic.enable') === false)
    return { responses: asked.map((each) => disabled(each, version)) }
  const entries = grouped(asked, ({ name, topicId }) => `${name === null ? 'id' : 'name'} ${name} ${topicId}`)
  const understood = entries.map(({ first, isAlone }) => understand(broker, first, isAlone))
  const refused = understood.filter((each): each is Told => !isTopic(each))
  const topics = grouped(understood.filter(isTopic), ({ id }: Topic) => id)
  const done = topics.map(({ first: { id, name }, first, isAlone }): Done<Told> => {
    const one = { name, topicId: id }
    if (!isAlone) return { told: refuse(one, sameTopic) }
    const durable = attempt(() => broker.topics.delete(first))
    return { told: { ...one, errorCode: 0, errorMessage: null }, durable, refused: refuse(one, deviceRefuses) }
  })
  return whenDurable(done, (told) => ({ responses: [...refused, ...told] }))
}

export const deleteTopicsHandler = handler({ api: deleteTopics, versions: [0, 6], handle })
