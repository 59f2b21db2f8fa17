// One connection to one broker: requests go out as they come, answers come back in the same order (Kafka's own rule).
import type { Socket } from 'node:net'
import type { ClusterSettings } from '../../core/connection-settings.ts'
import type { EvplatError } from '../../core/errors.ts'
import { version } from '../../core/version.ts'
import type { Api, RequestOf, ResponseOf } from '../../protocol/api.ts'
import { correlationIdOf, decodeResponse, encodeRequest } from '../../protocol/frames.ts'
import { apiVersions } from '../../protocol/messages/api-versions.ts'
import { dial } from './dial.ts'
import { FrameReader } from '../../protocol/frame-reader.ts'
import { authenticate } from './sasl.ts'
import {
  type Address,
  connectionClosed,
  explainSocketError,
  isReset,
  notKafka,
  timedOut,
  unreadable,
} from './socket-errors.ts'
import { type VersionRanges, negotiate, rangesOf } from './versions.ts'

/** more than any fetch asks for; a size beyond it is that of something other than Kafka */
const largestResponse = 256 * 1024 * 1024
const mayRestart = 'is the broker being restarted? try again'
const nameUser = 'it may want a user: set `sasl` for this environment in platform.yaml, or name another listener'
const clientSoftware = { clientSoftwareName: 'evplat', clientSoftwareVersion: version }

export interface ConnectionOptions {
  readonly address: Address
  readonly clientId: string
  readonly tls?: ClusterSettings['tls']
  readonly sasl?: ClusterSettings['sasl']
  readonly connectTimeoutMs: number
}

export interface SendLimits {
  /** how long the answer may take */
  readonly timeoutMs?: number
  /** no version above this one, whatever both sides know */
  readonly newest?: number
}

interface Waiting {
  readonly title: string
  readonly take: (frame: Buffer) => void
  readonly fail: (error: EvplatError) => void
}

export class Connection {
  readonly address: Address
  private readonly socket: Socket
  private readonly clientId: string
  private readonly waiting = new Map<number, Waiting>()
  private nextId = 1
  private ended: EvplatError | undefined
  private versions: VersionRanges = new Map()
  /** whether the broker has had a user, or done without one */
  private isAccepted: boolean

  private constructor(socket: Socket, { address, clientId, tls, sasl }: ConnectionOptions) {
    this.socket = socket
    this.address = address
    this.clientId = clientId
    this.isAccepted = sasl !== undefined
    // whether the end of a connection comes as a close or as a reset is chance: it depends on what was still on the way
    socket.on('error', (thrown) =>
      this.end(isReset(thrown) ? this.closedByPeer() : explainSocketError(thrown, address, tls)),
    )
    socket.on('close', () => this.end(this.closedByPeer()))
  }

  /** Connects, learns the broker's versions, authenticates. Rejects with an EvplatError that says which of these failed. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const { address, tls, connectTimeoutMs: timeoutMs } = options
    const frames = new FrameReader(
      largestResponse,
      (frame) => connection.receive(frame),
      (start) => connection.end(notKafka(address, start)),
    )
    const onData = (bytes: Buffer): void => void frames.push(bytes)
    const connection = new Connection(await dial({ address, onData, timeoutMs, ...(tls && { tls }) }), options)
    try {
      connection.versions = await rangesOf((at) => connection.exchange(apiVersions, at, clientSoftware, timeoutMs))
      if (options.sasl) await authenticate(connection, options.sasl, timeoutMs)
      return connection
    } catch (thrown) {
      connection.close()
      throw thrown
    }
  }

  get isOpen(): boolean {
    return this.ended === undefined
  }

  /** Sends a request at the newest version that both sides know. A connection that misses a deadline is given up. */
  async send<A extends Api>(
    api: A,
    body: RequestOf<A>,
    { timeoutMs = 30_000, newest }: SendLimits,
  ): Promise<ResponseOf<A>> {
    const answer = await this.exchange(api, negotiate(api, this.versions, newest), body, timeoutMs)
    this.isAccepted = true
    return answer
  }

  close(): void {
    this.end(connectionClosed(this.address, 'its end'))
  }

  private closedByPeer(): EvplatError {
    const waitingFor = this.waiting.values().next().value?.title ?? 'a pause'
    // who tells strangers its versions and hangs up on their first question wants a user before it (KIP-152)
    const wantsUser = !this.isAccepted && this.versions.size > 0
    if (wantsUser) return connectionClosed(this.address, waitingFor, nameUser)
    return this.isAccepted
      ? connectionClosed(this.address, waitingFor, mayRestart)
      : connectionClosed(this.address, waitingFor)
  }

  private exchange<A extends Api>(
    api: A,
    version: number,
    body: RequestOf<A>,
    timeoutMs: number,
  ): Promise<ResponseOf<A>> {
    if (this.ended) return Promise.reject(this.ended)
    const correlationId = this.nextId++
    const chunks = encodeRequest(api, { version, correlationId, clientId: this.clientId }, body)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end(timedOut(this.address, api.name, timeoutMs)), timeoutMs)
      const settle = (work: () => void): void => {
        clearTimeout(timer)
        this.waiting.delete(correlationId)
        try {
          work()
        } catch (thrown) {
          reject(thrown as Error)
        }
      }
      this.waiting.set(correlationId, {
        title: api.name,
        take: (frame) => settle(() => resolve(this.understand(api, version, frame))),
        fail: (error) => settle(() => reject(error)),
      })
      this.socket.cork()
      for (const chunk of chunks) this.socket.write(chunk)
      this.socket.uncork()
    })
  }

  private understand<A extends Api>(api: A, version: number, frame: Buffer): ResponseOf<A> {
    try {
      return decodeResponse(api, version, frame)
    } catch (thrown) {
      throw unreadable(this.address, api.name, thrown)
    }
  }

  private receive(frame: Buffer): void {
    this.waiting.get(correlationIdOf(frame))?.take(frame)
  }

  private end(reason: EvplatError): void {
    if (this.ended) return
    this.ended = reason
    this.socket.destroy()
    for (const request of this.waiting.values()) request.fail(reason)
  }
}
