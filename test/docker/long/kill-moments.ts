// Runs a command and kills it in the middle. A moment is told by the requests that it has made of the engine, not by a clock, so that it
// comes at the same place of the same work again, however busy the machine is.
import { type RecordingEngine, startRecordingEngine } from '../../support/recording-engine.ts'
import type { Random } from '../../fuzz/random.ts'
import type { Ended } from '../../support/platforms.ts'
import type { Command, Subject } from './subject.ts'

/** After how many requests, and how much of the time until the next one (0 to 1). */
export interface Moment {
  readonly requests: number
  readonly share: number
}

/** When requests were made in a run that nobody disturbed: milliseconds since its start, its end last. */
export type Timeline = readonly number[]

export interface Cut {
  readonly ended: Ended
  /** how far it was when it was killed; undefined where it came to its end before */
  readonly at?: string
}

/** Stands before an engine: who is to be killed must ask `host`. */
export class Killer {
  readonly host: string
  readonly close: () => Promise<void>
  private readonly listener: { hears: (request: string) => void }

  private constructor(engine: RecordingEngine, listener: Killer['listener']) {
    this.host = engine.host
    this.close = () => engine.close()
    this.listener = listener
  }

  /** Before the engine at a socket. */
  static async at(socket: string): Promise<Killer> {
    const listener: Killer['listener'] = { hears: () => undefined }
    return new Killer(await startRecordingEngine(socket, (request) => listener.hears(request)), listener)
  }

  /** Runs a command to its end. */
  async measure(subject: Subject, command: Command): Promise<{ ended: Ended; timeline: Timeline }> {
    const began = performance.now()
    const timeline: number[] = []
    this.listener.hears = () => void timeline.push(performance.now() - began)
    const ended = await subject.run(command)
    this.listener.hears = () => undefined
    timeline.push(performance.now() - began)
    return { ended, timeline }
  }

  /** Runs a command and kills it at a moment of its timeline. */
  async cut(subject: Subject, command: Command, moment: Moment, timeline: Timeline): Promise<Cut> {
    subject.noteBegun(command)
    const delay = moment.share * gapAfter(timeline, moment.requests)
    let requests = 0
    let last = 'its start'
    let timer: NodeJS.Timeout | undefined
    const running = subject.platform.start(...command.split(' '))
    const count = (): void => {
      if (requests !== moment.requests || timer) return
      timer = setTimeout(() => running.kill('SIGKILL'), delay)
    }
    this.listener.hears = (request) => {
      requests++
      last = request
      count()
    }
    count()
    const ended = await running.ended
    clearTimeout(timer)
    this.listener.hears = () => undefined
    if (ended.code !== null) return { ended }
    return { ended, at: `${delay.toFixed(0)} ms after request ${moment.requests} (killed after ${requests}: ${last})` }
  }
}

/** Each request is as likely as the others, however soon the next one follows. */
export function momentIn(timeline: Timeline, random: Random): Moment {
  return { requests: random.below(timeline.length), share: random.below(1000) / 1000 }
}

function gapAfter(timeline: Timeline, requests: number): number {
  const begin = requests === 0 ? 0 : (timeline[requests - 1] ?? 0)
  return Math.max(0, (timeline[requests] ?? begin) - begin)
}
