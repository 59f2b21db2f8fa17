// A cluster: one connection per broker, opened when first needed, and requests routed to where they belong.
import type { ClusterSettings } from '../core/connection-settings.ts'
import { EvplatError } from '../core/errors.ts'
import type { Api, RequestOf, ResponseOf } from '../protocol/api.ts'
import { metadata } from '../protocol/messages/metadata.ts'
import { Connection, type SendLimits } from './wire/connection.ts'
import { type Address, addressText, isBroken } from './wire/socket-errors.ts'

export interface ClusterOptions {
  /** ends everything under way when it aborts */
  readonly signal?: AbortSignal
  readonly clientId?: string
  readonly connectTimeoutMs?: number
  /** how long one request may take */
  readonly requestTimeoutMs?: number
}

/** What the last Metadata answer said of the cluster itself. */
export interface ClusterView {
  readonly clusterId: string | null
  /** in a KRaft cluster any broker: it forwards to the controller */
  readonly controllerId: number
  readonly brokers: ReadonlyMap<number, Address>
}

/** Where a request goes: any broker, the controller, or the broker of that id. */
export type Target = 'any' | 'controller' | number

/** What may be asked twice: a connection that breaks under it, as when a broker is restarted, is opened anew, once. */
const repeatable: ReadonlySet<string> = new Set([
  'ConsumerGroupDescribe',
  'DescribeConfigs',
  'DescribeGroups',
  'FindCoordinator',
  'InitProducerId',
  'ListGroups',
  'ListOffsets',
  'ListPartitionReassignments',
  'Metadata',
  'OffsetFetch',
])

export class Cluster {
  private readonly settings: ClusterSettings
  private readonly options: ClusterOptions
  /** by address: a bootstrap address is often that of a broker */
  private readonly connections = new Map<string, Promise<Connection>>()
  private view: ClusterView | undefined
  private closed = false

  private constructor(settings: ClusterSettings, options: ClusterOptions) {
    this.settings = settings
    this.options = options
  }

  /** Connects to the first bootstrap address that answers, and checks that it is the cluster that was meant. */
  static async connect(settings: ClusterSettings, options: ClusterOptions = {}): Promise<Cluster> {
    options.signal?.throwIfAborted()
    const cluster = new Cluster(settings, options)
    options.signal?.addEventListener('abort', () => cluster.close(), { once: true })
    try {
      await cluster.bootstrap()
      if (settings.clusterId !== undefined) await cluster.checkId(settings.clusterId)
      return cluster
    } catch (thrown) {
      cluster.close()
      throw options.signal?.aborted === true ? options.signal.reason : thrown
    }
  }

  /** Sends one request to where it belongs and waits for its answer. */
  async send<A extends Api>(
    api: A,
    body: RequestOf<A>,
    target: Target = 'any',
    limits: SendLimits = {},
  ): Promise<ResponseOf<A>> {
    const ask = async (): Promise<ResponseOf<A>> => {
      const connection = await this.connectionTo(target)
      return connection.send(api, body, { timeoutMs: this.options.requestTimeoutMs ?? 30_000, ...limits })
    }
    try {
      return await ask().catch((thrown: unknown) => {
        if (!isBroken(thrown) || !repeatable.has(api.name) || this.closed) throw thrown
        return ask()
      })
    } catch (thrown) {
      throw this.options.signal?.aborted === true ? this.options.signal.reason : thrown
    }
  }

  /** Metadata of the named topics (all with null), which also renews the view of the cluster. Never creates a topic. */
  async metadata(topics: readonly string[] | null): Promise<ResponseOf<typeof metadata>> {
    const named = topics && topics.map((name) => ({ name }))
    const answer = await this.send(metadata, { topics: named, allowAutoTopicCreation: false })
    this.view = {
      clusterId: answer.clusterId,
      controllerId: answer.controllerId,
      brokers: new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }])),
    }
    return answer
  }

  /** Brokers, controller and id of the cluster, from the last metadata. */
  async describe(): Promise<ClusterView> {
    if (!this.view) await this.metadata([])
    return this.view!
  }

  /** Forgets who leads what, so that the next request asks anew. */
  forgetView(): void {
    this.view = undefined
  }

  /** Ends every connection; requests under way are rejected. */
  close(): void {
    this.closed = true
    for (const connection of this.connections.values()) connection.then((c) => c.close()).catch(() => undefined)
  }

  private async connectionTo(target: Target): Promise<Connection> {
    if (target === 'any') return this.anyConnection()
    const { controllerId, brokers } = await this.describe()
    const id = target === 'controller' ? controllerId : target
    const address = brokers.get(id)
    if (!address)
      throw new EvplatError(
        'broker-unreachable',
        target === 'controller' ? 'the cluster has no controller at the moment' : `broker ${id} is not alive`,
      )
    return this.open(address, `broker ${id}`)
  }

  private async anyConnection(): Promise<Connection> {
    for (const pending of this.connections.values()) {
      const connection = await pending.catch(() => undefined)
      if (connection?.isOpen === true) return connection
    }
    return this.bootstrap()
  }

  private async bootstrap(): Promise<Connection> {
    const failures: EvplatError[] = []
    for (const text of this.settings.bootstrap) {
      try {
        return await this.open(parseAddress(text))
      } catch (thrown) {
        if (!(thrown instanceof EvplatError) || thrown.code !== 'broker-unreachable') throw thrown
        failures.push(thrown)
      }
    }
    const first = failures[0]
    if (failures.length === 1 && first) throw first
    const tried = failures.map((failure) => failure.message)
    const reasons = new Set(failures.map((failure) => failure.parts.details?.['reason']))
    throw new EvplatError('broker-unreachable', `none of the bootstrap addresses answers: ${tried.join('; ')}`, {
      ...(first?.parts.hint !== undefined && { hint: first.parts.hint }),
      details: { tried, ...(reasons.size === 1 && { reason: [...reasons][0] }) },
    })
  }

  private async open(address: Address, advertisedBy?: string): Promise<Connection> {
    const key = addressText(address)
    const known = this.connections.get(key)
    const connection = await known
    if (connection?.isOpen === true) return connection
    // another caller may have begun a new one while this one waited
    const current = this.connections.get(key)
    return current !== undefined && current !== known ? current : this.dial(key, address, advertisedBy)
  }

  private dial(key: string, address: Address, advertisedBy: string | undefined): Promise<Connection> {
    if (this.closed) return Promise.reject(new EvplatError('interrupted', 'the connection to the cluster was closed'))
    const { clientId = 'evplat', connectTimeoutMs = 10_000 } = this.options
    const { tls, sasl } = this.settings
    const options = { address, clientId, connectTimeoutMs, ...(tls && { tls }), ...(sasl && { sasl }) }
    const opening = Connection.open(options).catch((thrown: unknown) => {
      this.connections.delete(key)
      throw advertisedBy === undefined ? thrown : explainAdvertised(thrown, key, advertisedBy)
    })
    this.connections.set(key, opening)
    return opening
  }

  private async checkId(expected: string): Promise<void> {
    const { clusterId } = await this.describe()
    if (clusterId !== expected)
      throw new EvplatError(
        'wrong-cluster',
        `this is cluster ${clusterId ?? '(without an id)'}, and platform.yaml expects ${expected}`,
        {
          hint: 'check `kafka.bootstrap` and `kafka.clusterId` of this environment',
          details: { expected, found: clusterId },
        },
      )
  }
}

/** An address that the cluster itself told: worth saying, because it is not in any file of the user's. */
function explainAdvertised(thrown: unknown, address: string, broker: string): unknown {
  if (!(thrown instanceof EvplatError) || thrown.code !== 'broker-unreachable') return thrown
  return new EvplatError(
    'broker-unreachable',
    `${broker} advertises ${address}, which can't be reached: ${thrown.message}`,
    {
      ...thrown.parts,
      hint: 'its `advertised.listeners` must name an address that this machine reaches',
    },
  )
}

/** `host:port` or `[v6]:port` as an address. Throws `usage` for anything else. */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text.trim())
  const port = Number(match?.[3])
  if (!match || port < 1 || port > 65_535)
    throw new EvplatError('usage', `"${text}" is not an address`, { hint: 'write it as HOST:PORT' })
  return { host: match[1] ?? match[2]!, port }
}
