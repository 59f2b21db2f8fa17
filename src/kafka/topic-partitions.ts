// Who leads what: the partitions of one topic with their leaders, asked anew when a broker says that it is not the leader.
import { setTimeout as sleep } from 'node:timers/promises'
import { didYouMean } from '../core/did-you-mean.ts'
import { EvplatError } from '../core/errors.ts'
import { errorName } from '../protocol/error-table.ts'
import type { Cluster } from './cluster.ts'

export interface Leaders {
  readonly topic: string
  /** the zero id where the cluster has no topic ids */
  readonly topicId: string
  /** broker by partition number */
  readonly leaders: readonly number[]
}

const attempts = 20

/** The leaders of a topic; waits a little for partitions that have none. Throws `topic-missing` or `not-authorised`. */
export async function findLeaders(cluster: Cluster, topic: string): Promise<Leaders> {
  for (let attempt = 1; ; attempt++) {
    const answer = (await cluster.metadata([topic])).topics[0]
    const error = errorName(answer?.errorCode ?? -1)
    if (error === 'TOPIC_AUTHORIZATION_FAILED')
      throw new EvplatError('not-authorised', `topic "${topic}" may not be seen by this user`, {
        hint: 'the user needs DESCRIBE on the topic',
      })
    if (error === 'UNKNOWN_TOPIC_OR_PARTITION' || error === 'INVALID_TOPIC_EXCEPTION')
      throw await missing(cluster, topic)
    const partitions = (answer?.partitions ?? []).toSorted((a, b) => a.partitionIndex - b.partitionIndex)
    if (answer && error === 'NONE' && partitions.every((p) => p.leaderId >= 0))
      return { topic, topicId: answer.topicId, leaders: partitions.map((p) => p.leaderId) }
    if (attempt === attempts) {
      const leaderless = partitions.filter((p) => p.leaderId < 0).map((p) => p.partitionIndex)
      throw new EvplatError(
        'broker-unreachable',
        `topic "${topic}" has partitions without a leader: ${leaderless.join(', ')}`,
      )
    }
    await sleep(250)
  }
}

/**
 * The leaders of a topic that was there a moment ago; the known ones while nobody can tell. A broker that has just started knows
 * no topics for a while, so one that is missing then says nothing: who goes on with it needs a deadline.
 */
export async function findLeadersAgain(cluster: Cluster, known: Leaders): Promise<Leaders> {
  try {
    return await findLeaders(cluster, known.topic)
  } catch (thrown) {
    const isPassing =
      thrown instanceof EvplatError && (thrown.code === 'broker-unreachable' || thrown.code === 'topic-missing')
    if (isPassing) return known
    throw thrown
  }
}

async function missing(cluster: Cluster, topic: string): Promise<EvplatError> {
  const names = (await cluster.metadata(null)).topics.filter((t) => !t.isInternal).map((t) => t.name ?? '')
  const guess = didYouMean(topic, names)
  return new EvplatError('topic-missing', `there is no topic "${topic}"`, {
    hint: guess === '' ? 'see `evplat topics list`' : guess,
    details: { topic },
  })
}
