// A producer of our own: records of any topics, each acknowledged for itself. What is ready for one broker goes out in one request, one
// batch for each partition, and at most five requests are under way to it.
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { EvplatError } from '../../core/errors.ts'
import { groupBy } from '../../core/group-by.ts'
import { Cluster } from '../cluster.ts'
import { pauseFor } from '../group/change.ts'
import type { Lane, ProducerIdentity } from './lane.ts'
import { OutTopic } from './out-topics.ts'
import { Sending, tooLate } from './pending.ts'
import type { DriverProducer, OutRecord, Placed, ProducerOptions } from './port.ts'
import { type Parcel, exchange, newIdentity } from './produce-exchange.ts'

const againAfterMs = 200
const mostUnderWay = 5
const requestBytes = 8 * 1024 * 1024

export class OwnProducer implements DriverProducer {
  pendingBytes = 0
  private readonly settings: ClusterSettings
  private readonly options: ProducerOptions
  private readonly topics = new Map<string, OutTopic>()
  /** those with something on its way */
  private readonly lanes = new Set<Lane>()
  /** those whose leader is not known */
  private readonly held = new Set<Lane>()
  private readonly underWay = new Map<number, number>()
  private readonly closing = new AbortController()
  private connecting: Promise<Cluster> | undefined
  private identity: Promise<ProducerIdentity> | undefined
  private pending = 0
  /** why records wait, since the last that did not; what was told last stands last */
  private readonly told = new Set<string>()
  private isKicked = false
  private deadline: NodeJS.Timeout | undefined
  private whenIdle: () => void = () => undefined

  constructor(settings: ClusterSettings, options: ProducerOptions) {
    this.settings = settings
    this.options = options
  }

  send(record: OutRecord): Promise<Placed> {
    if (this.closing.signal.aborted) return Promise.reject(closed())
    const { deliveryMs } = this.options
    return new Promise((resolve, reject) => {
      const pending = new Sending(record, performance.now() + deliveryMs, { resolve, reject }, this.over)
      this.pendingBytes += pending.bytes
      this.pending++
      this.topic(record.topic).add(pending)
      this.deadline ??= setTimeout(() => this.expire(), deliveryMs)
    })
  }

  /** A record is not under way any more. */
  private readonly over = (bytes: number): void => {
    this.pendingBytes -= bytes
    if (--this.pending === 0) this.rest()
  }

  async close(timeoutMs: number): Promise<void> {
    const over = new AbortController()
    const idle = new Promise<void>((resolve) => (this.whenIdle = resolve))
    if (this.pending > 0) await Promise.race([idle, pauseFor(timeoutMs, over.signal)])
    over.abort()
    this.closing.abort(closed())
    this.failAll(closed())
    const { connecting } = this
    void connecting?.then(
      (cluster) => cluster.close(),
      () => undefined,
    )
  }

  private rest(): void {
    clearTimeout(this.deadline)
    this.deadline = undefined
    this.whenIdle()
  }

  private expire(): void {
    const now = performance.now()
    let next = Number.POSITIVE_INFINITY
    for (const topic of this.topics.values()) {
      topic.expire(now, tooLate(topic.name, [...this.told].at(-1)))
      next = Math.min(next, topic.deadline)
    }
    for (const lane of this.lanes) {
      lane.expire(now)
      next = Math.min(next, lane.deadline)
    }
    clearTimeout(this.deadline)
    // a timer may fire a moment early
    this.deadline = next === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => this.expire(), next - now + 1)
    this.kick()
  }

  private failAll(error: unknown): void {
    for (const topic of this.topics.values()) topic.expire(Number.POSITIVE_INFINITY, error)
    for (const lane of this.lanes) lane.failAll(error)
    this.lanes.clear()
  }

  private topic(name: string): OutTopic {
    const known = this.topics.get(name)
    if (known) return known
    const topic = new OutTopic(name, {
      cluster: () => this.cluster(),
      filled: (lane) => {
        this.lanes.add(lane)
        this.kick()
      },
      wait: (why) => this.wait(why),
      isClosed: () => this.closing.signal.aborted,
    })
    this.topics.set(name, topic)
    return topic
  }

  /** What is sent at the same time goes out together. */
  private kick(): void {
    if (this.isKicked || this.closing.signal.aborted) return
    this.isKicked = true
    setImmediate(() => void this.sendReady())
  }

  private async sendReady(): Promise<void> {
    try {
      const cluster = await this.cluster()
      const identity = await this.producer(cluster)
      this.isKicked = false
      this.dispatch(cluster, identity)
    } catch (thrown) {
      if (thrown instanceof EvplatError && thrown.code === 'broker-unreachable') await this.wait(thrown.message)
      else this.failAll(thrown)
      this.isKicked = false
      if (this.lanes.size > 0) this.kick()
    }
  }

  private dispatch(cluster: Cluster, identity: ProducerIdentity): void {
    for (const lane of this.lanes) if (lane.isEmpty) this.lanes.delete(lane)
    const ready = [...this.lanes].filter((lane) => lane.isReady && !this.held.has(lane))
    for (const [leader, lanes] of groupBy(ready, ({ topic, partition }) => this.topic(topic).leaderOf(partition))) {
      if (leader < 0) this.lookFor(lanes, 'a partition has no leader')
      else this.fill(cluster, { leader, lanes, identity })
    }
  }

  private fill(cluster: Cluster, { leader, lanes, identity }: Filling): void {
    for (let next = 0; next < lanes.length;) {
      const count = this.underWay.get(leader) ?? 0
      if (count >= mostUnderWay) return
      const parcels: Parcel[] = []
      for (let bytes = 0; next < lanes.length && bytes < requestBytes; next++) {
        const lane = lanes[next]!
        const batch = lane.take(identity)
        this.topic(lane.topic).taken(lane.partition)
        parcels.push({ lane, batch })
        bytes += batch.bytes.length
      }
      this.underWay.set(leader, count + 1)
      void this.deliver(cluster, leader, parcels)
    }
  }

  private async deliver(cluster: Cluster, leader: number, parcels: readonly Parcel[]): Promise<void> {
    const timeoutMs = Math.min(30_000, this.options.deliveryMs)
    try {
      const { lost, throttleMs, isIdRefused } = await exchange(cluster, leader, { parcels, timeoutMs })
      if (isIdRefused) this.identity = undefined
      // the broker reads no more of this connection before that (KIP-219)
      if (throttleMs > 0) await pauseFor(throttleMs, this.closing.signal)
      if (lost.lanes.length > 0) this.lookFor(lost.lanes, lost.why)
      else this.told.clear()
    } catch (thrown) {
      for (const { lane, batch } of parcels) lane.refused(batch, thrown)
    }
    this.underWay.set(leader, this.underWay.get(leader)! - 1)
    this.kick()
  }

  /** Lanes are held as long as it takes to find out who leads their topics. */
  private lookFor(lanes: readonly Lane[], why: string): void {
    for (const lane of lanes) this.held.add(lane)
    const topics = new Set(lanes.map(({ topic }) => this.topic(topic)))
    const looked = this.wait(why).then(() => Promise.all([...topics].map((topic) => topic.look())))
    void looked.then(() => {
      for (const lane of lanes) this.held.delete(lane)
      this.kick()
    })
  }

  private producer(cluster: Cluster): Promise<ProducerIdentity> {
    this.identity ??= newIdentity(cluster).catch((thrown: unknown) => {
      this.identity = undefined
      throw thrown
    })
    return this.identity
  }

  private cluster(): Promise<Cluster> {
    const { signal } = this.closing
    if (signal.aborted) return Promise.reject(closed())
    const connectTimeoutMs = Math.min(10_000, this.options.deliveryMs)
    this.connecting ??= Cluster.connect(this.settings, { connectTimeoutMs, signal }).catch((thrown: unknown) => {
      this.connecting = undefined
      throw thrown
    })
    return this.connecting
  }

  private async wait(why: string): Promise<void> {
    if (!this.told.has(why)) this.options.onTrouble(`${why}; trying again`)
    this.told.add(why)
    await pauseFor(againAfterMs, this.closing.signal)
  }
}

interface Filling {
  readonly leader: number
  readonly lanes: readonly Lane[]
  readonly identity: ProducerIdentity
}

const closed = (): EvplatError =>
  new EvplatError('interrupted', 'the producer was closed before the record was written')
