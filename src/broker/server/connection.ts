// One client's connection: frames in, answers out in order, no faster than the client reads.
import type { Socket } from 'node:net'
import { FrameReader } from '../../protocol/frame-reader.ts'
import { AnswerQueue, type Chunks } from './answer-queue.ts'

/** socket.request.max.bytes of Kafka */
const largestRequest = 104_857_600
/** so many requests of one connection are worked on at once; more wait in its socket */
const mostUnderWay = 100
/** a client that does not read its answers is not read from any more */
const mostUnsent = 16 * 1024 * 1024

/** What a request frame leads to: an answer now or later, nothing, or the end of the connection. */
export type Outcome = Chunks | undefined | 'close'
export type Verdict = Promise<Outcome> | Outcome

export interface Peer {
  /** the local address that the client connected to */
  readonly host: string
  readonly port: number
  readonly clientHost: string
  onGone(work: () => void): () => void
  isGone(): boolean
}

export class ServerConnection {
  private readonly socket: Socket
  private readonly queue: AnswerQueue
  private readonly leaving = new Set<() => void>()
  private readonly onFrame: (frame: Buffer, peer: Peer) => Verdict

  constructor(socket: Socket, onFrame: (frame: Buffer, peer: Peer) => Verdict) {
    this.socket = socket
    this.onFrame = onFrame
    this.queue = new AnswerQueue((answer) => this.send(answer))
    const frames = new FrameReader(
      largestRequest,
      (frame) => this.receive(frame),
      () => this.close(),
    )
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => frames.push(bytes))
    socket.on('drain', () => this.balance())
    socket.on('error', () => this.close())
    socket.on('close', () => this.leave())
  }

  close(): void {
    this.socket.destroy()
  }

  /** Lets what is under way be answered, and closes. */
  async finish(deadlineMs: number): Promise<void> {
    this.socket.pause()
    const end = performance.now() + deadlineMs
    while (
      !this.socket.destroyed &&
      (this.queue.length > 0 || this.socket.writableLength > 0) &&
      performance.now() < end
    )
      await new Promise((resolve) => setTimeout(resolve, 5))
    this.close()
  }

  private receive(frame: Buffer): void {
    const place = this.queue.open()
    const settle = (outcome: Outcome): void => {
      if (outcome === 'close') return this.close()
      place.fill(outcome)
      this.balance()
    }
    const verdict = this.onFrame(frame, this.peer())
    if (verdict instanceof Promise) verdict.then(settle, () => this.close())
    else settle(verdict)
    this.balance()
  }

  private peer(): Peer {
    const { localAddress = '127.0.0.1', localPort = 0, remoteAddress = '' } = this.socket
    return {
      host: localAddress.replace(/^::ffff:/, ''),
      port: localPort,
      clientHost: `/${remoteAddress.replace(/^::ffff:/, '')}`,
      onGone: (work) => {
        this.leaving.add(work)
        return () => this.leaving.delete(work)
      },
      isGone: () => this.socket.destroyed,
    }
  }

  private send(answer: Chunks): void {
    if (this.socket.destroyed) return
    this.socket.cork()
    for (const chunk of answer) this.socket.write(chunk)
    this.socket.uncork()
  }

  private balance(): void {
    const isBusy = this.queue.length >= mostUnderWay || this.socket.writableLength >= mostUnsent
    if (isBusy) this.socket.pause()
    else if (this.socket.isPaused()) this.socket.resume()
  }

  private leave(): void {
    for (const work of this.leaving) work()
    this.leaving.clear()
  }
}
