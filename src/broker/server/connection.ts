// One client's connection: frames in, answers out in order, no faster than the client reads.
import type { Socket } from 'node:net'
import { FrameReader } from '../../protocol/frame-reader.ts'
import { systemClock } from '../clock.ts'
import { AnswerQueue, type Chunks } from './answer-queue.ts'

/** so many requests of one connection are worked on at once; more wait in its socket */
const mostUnderWay = 100
/** a client that does not read its answers is not read from any more; in bytes */
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
  /** Later requests of the connection wait until the function that it returns is called. */
  readonly hold: () => () => void
}

export interface Serving {
  /** in bytes; a client that announces a larger one is a mistake, and its connection ends */
  readonly largestRequest: number
  readonly onFrame: (frame: Buffer, peer: Peer) => Verdict
}

export class ServerConnection {
  private readonly socket: Socket
  private readonly queue: AnswerQueue
  private readonly frames: FrameReader
  private readonly leaving = new Set<() => void>()
  private readonly onFrame: Serving['onFrame']
  /** bytes that came, and whose turn has not come yet */
  private rest: Buffer | undefined
  private isReading = false
  private isFinishing = false
  private holds = 0

  constructor(socket: Socket, { largestRequest, onFrame }: Serving) {
    this.socket = socket
    this.onFrame = onFrame
    this.queue = new AnswerQueue((answer) => this.send(answer))
    this.frames = new FrameReader(
      largestRequest,
      (frame) => this.receive(frame),
      () => this.close(),
    )
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => this.take(bytes))
    socket.on('drain', () => this.goOn())
    socket.on('error', () => this.close())
    socket.on('close', () => this.leave())
  }

  close(): void {
    this.socket.destroy()
  }

  /** Lets what is under way be answered, takes nothing more, and closes. */
  finish(deadlineMs: number): Promise<void> {
    this.isFinishing = true
    if (this.socket.destroyed) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = systemClock.after(deadlineMs, () => this.close())
      this.socket.once('close', () => {
        timer.cancel()
        resolve()
      })
      this.goOn()
    })
  }

  /** bytes that are kept for the client: answers that it has not read, or that wait for an earlier one */
  private get unsent(): number {
    return this.socket.writableLength + this.queue.heldBytes
  }

  private get isBusy(): boolean {
    const isClosing = this.socket.destroyed || this.isFinishing
    return isClosing || this.holds > 0 || this.queue.length >= mostUnderWay || this.unsent >= mostUnsent
  }

  private take(bytes: Buffer): void {
    this.rest = this.rest ? Buffer.concat([this.rest, bytes]) : bytes
    this.goOn()
  }

  /** Reads what has come, while there is room for answers; then from the socket, or not. */
  private goOn(): void {
    if (this.isReading) return
    this.isReading = true
    while (this.rest && !this.isBusy) this.rest = this.frames.push(this.rest)
    this.isReading = false
    if (this.isFinishing && this.queue.length === 0) this.socket.end(() => this.close())
    else if (this.isBusy) this.socket.pause()
    else if (this.socket.isPaused()) this.socket.resume()
  }

  private receive(frame: Buffer): void {
    const place = this.queue.open()
    const settle = (outcome: Outcome): void => {
      if (outcome === 'close') return this.close()
      place.fill(outcome)
      this.goOn()
    }
    const verdict = this.onFrame(frame, this.peer())
    if (verdict instanceof Promise) verdict.then(settle, () => this.close())
    else settle(verdict)
    if (this.isBusy) this.frames.stop()
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
      hold: () => this.hold(),
    }
  }

  private hold(): () => void {
    this.holds++
    return () => {
      this.holds--
      this.goOn()
    }
  }

  private send(answer: Chunks): void {
    if (this.socket.destroyed) return
    this.socket.cork()
    for (const chunk of answer) this.socket.write(chunk)
    this.socket.uncork()
  }

  private leave(): void {
    this.rest = undefined
    for (const work of this.leaving) work()
    this.leaving.clear()
  }
}
