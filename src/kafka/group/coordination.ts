// What a member asks of the coordinator of its group (KIP-394, KIP-429: the classic protocol), and what the answers mean for it.
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { EvplatError } from '../../core/errors.ts'
import type { Api, RequestOf, ResponseOf } from '../../protocol/api.ts'
import type { TopicPartitions } from '../../protocol/consumer-protocol.ts'
import { errorName, isRetriable } from '../../protocol/error-table.ts'
import { heartbeat } from '../../protocol/messages/heartbeat.ts'
import { joinGroup } from '../../protocol/messages/join-group.ts'
import { leaveGroup } from '../../protocol/messages/leave-group.ts'
import { offsetCommit } from '../../protocol/messages/offset-commit.ts'
import { syncGroup } from '../../protocol/messages/sync-group.ts'
import { coordinatorOf, groupError } from '../admin/coordinator.ts'
import { Cluster, type ClusterOptions } from '../cluster.ts'
import type { SendLimits } from '../wire/connection.ts'

/** How a member is known to the coordinator. */
export interface Identity {
  readonly group: string
  readonly memberId: string
  readonly instanceId: string | null
  /** -1 before the first round */
  readonly generation: number
}

export type Joined = ResponseOf<typeof joinGroup>

/** What a refusal means: join again, begin anew as nobody, ask again later, or give up. */
export class Refusal extends Error {
  readonly means: 'rejoin' | 'stranger' | 'later' | 'never'
  readonly error: EvplatError
  /** the id that the coordinator gives to a member that asked without one */
  readonly memberId: string | undefined
  /** the coordinator does not know the member at all */
  readonly isUnknown: boolean

  constructor(group: string, code: number, memberId?: string) {
    const error = groupError(group, code)
    super(error.message)
    this.error = error
    this.memberId = memberId
    this.means = meaningOf(code)
    this.isUnknown = errorName(code) === 'UNKNOWN_MEMBER_ID'
  }
}

function meaningOf(code: number): Refusal['means'] {
  switch (errorName(code)) {
    case 'REBALANCE_IN_PROGRESS':
    case 'MEMBER_ID_REQUIRED':
      return 'rejoin'
    case 'ILLEGAL_GENERATION':
    case 'UNKNOWN_MEMBER_ID':
      return 'stranger'
    default:
      return isRetriable(code) ? 'later' : 'never'
  }
}

const protocolType = 'consumer'
/** The assignor of Java's consumer of this name does the same, so that both can be in one group. */
const protocolName = 'cooperative-sticky'
/** beyond the time that the coordinator itself may take */
const marginMs = 10_000
const askMs = 10_000
/** From version 3 on the request takes several members, which is not needed here; all brokers speak the older form. */
const oneLeaves = { newest: 2 }

/**
 * The connections of a member to its coordinator. There are two: a broker answers the requests of a connection one after the other, and
 * a join is answered when all members have joined; heartbeats and commits must not wait for that.
 */
export class Coordination {
  private readonly joining: Cluster
  private readonly asking: Cluster
  private readonly group: string

  private constructor(group: string, joining: Cluster, asking: Cluster) {
    this.group = group
    this.joining = joining
    this.asking = asking
  }

  static async open(settings: ClusterSettings, group: string, options: ClusterOptions): Promise<Coordination> {
    const joining = await Cluster.connect(settings, options)
    try {
      return new Coordination(group, joining, await Cluster.connect(settings, options))
    } catch (thrown) {
      joining.close()
      throw thrown
    }
  }

  async join(
    identity: Identity,
    metadata: Buffer,
    limits: { sessionMs: number; rebalanceMs: number },
  ): Promise<Joined> {
    const body = {
      groupId: this.group,
      sessionTimeoutMs: limits.sessionMs,
      rebalanceTimeoutMs: limits.rebalanceMs,
      memberId: identity.memberId,
      groupInstanceId: identity.instanceId,
      protocolType,
      protocols: [{ name: protocolName, metadata }],
    }
    const answer = await this.ask(this.joining, joinGroup, body, { timeoutMs: limits.rebalanceMs + marginMs })
    if (answer.errorCode !== 0) throw new Refusal(this.group, answer.errorCode, answer.memberId)
    return answer
  }

  async sync(
    identity: Identity,
    assignments: ReadonlyMap<string, Buffer>,
    limits: { rebalanceMs: number },
  ): Promise<Buffer> {
    const body = {
      groupId: this.group,
      generationId: identity.generation,
      memberId: identity.memberId,
      groupInstanceId: identity.instanceId,
      protocolType,
      protocolName,
      assignments: [...assignments].map(([memberId, assignment]) => ({ memberId, assignment })),
    }
    const answer = await this.ask(this.joining, syncGroup, body, { timeoutMs: limits.rebalanceMs + marginMs })
    if (answer.errorCode !== 0) throw new Refusal(this.group, answer.errorCode)
    return answer.assignment
  }

  async beat({ generation, memberId, instanceId }: Identity): Promise<void> {
    const body = { groupId: this.group, generationId: generation, memberId, groupInstanceId: instanceId }
    const { errorCode } = await this.ask(this.asking, heartbeat, body)
    if (errorCode !== 0) throw new Refusal(this.group, errorCode)
  }

  /** Commits the offsets to go on from. Throws the refusal of the first partition that is refused; the others may be committed. */
  async commit(
    { generation, memberId, instanceId }: Identity,
    offsets: ReadonlyMap<string, ReadonlyMap<number, number>>,
  ): Promise<void> {
    const topics = [...offsets].map(([name, partitions]) => ({
      name,
      partitions: [...partitions].map(([partitionIndex, offset]) => ({
        partitionIndex,
        committedOffset: BigInt(offset),
        committedMetadata: '',
      })),
    }))
    const body = {
      groupId: this.group,
      generationIdOrMemberEpoch: generation,
      memberId,
      groupInstanceId: instanceId,
      topics,
    }
    const answer = await this.ask(this.asking, offsetCommit, body)
    const refused = answer.topics.flatMap(({ partitions }) => partitions).find(({ errorCode }) => errorCode !== 0)
    if (refused) throw new Refusal(this.group, refused.errorCode)
  }

  /** Tells the coordinator that the member goes, so that nobody waits for its session to end. */
  async leave({ memberId }: Identity): Promise<void> {
    await this.ask(this.asking, leaveGroup, { groupId: this.group, memberId, members: [] }, oneLeaves)
  }

  /** How many partitions the topics have; those that there are not are left out. */
  async partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const answer = await this.asking.metadata(topics)
    return new Map(
      answer.topics.flatMap(({ errorCode, name, partitions }) =>
        errorCode === 0 && name !== null ? [[name, partitions.length] as const] : [],
      ),
    )
  }

  /** Ends a join that is under way; the rest goes on. */
  stopJoining(): void {
    this.joining.close()
  }

  close(): void {
    this.joining.close()
    this.asking.close()
  }

  private async ask<A extends Api>(
    cluster: Cluster,
    api: A,
    body: RequestOf<A>,
    limits: SendLimits = {},
  ): Promise<ResponseOf<A>> {
    return cluster.send(api, body, await coordinatorOf(cluster, this.group), { timeoutMs: askMs, ...limits })
  }
}

/** Whether what was thrown may be over in a moment: a broker that is lost, a coordinator that moves. */
export function mayPass(thrown: unknown): boolean {
  if (thrown instanceof Refusal) return thrown.means === 'later'
  return thrown instanceof EvplatError && thrown.code === 'broker-unreachable'
}

export function errorOf(thrown: unknown): Error {
  if (thrown instanceof Refusal) return thrown.error
  return thrown instanceof Error ? thrown : new EvplatError('broker-refused', String(thrown))
}

/** partitions that are in the first and not in the second */
export function without(all: TopicPartitions, some: TopicPartitions): TopicPartitions {
  const left = [...all].map(([topic, partitions]) => {
    const taken = some.get(topic) ?? []
    return [topic, partitions.filter((partition) => !taken.includes(partition))] as const
  })
  return new Map(left.filter(([, partitions]) => partitions.length > 0))
}
