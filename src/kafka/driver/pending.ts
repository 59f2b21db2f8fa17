// A record on its way, and what is said of one that does not get there.
import { EvplatError } from '../../core/errors.ts'
import type { NewRecord } from '../../protocol/records/batch-builder.ts'
import type { OutRecord, Placed } from './port.ts'

export interface Pending extends NewRecord {
  /** the partition that was asked for */
  readonly partition: OutRecord['partition']
  readonly bytes: number
  /** of `performance.now()` */
  readonly deadline: number
  done(partition: number, offset: number, timestamp: number): void
  failed(error: unknown): void
}

export interface Answer {
  readonly resolve: (placed: Placed) => void
  readonly reject: (error: Error) => void
}

/** What is kept of each record until it is acknowledged: one object, for there are many. `over` is told its bytes, before the answer. */
export class Sending implements Pending {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: NewRecord['headers']
  readonly timestamp: number
  readonly partition: OutRecord['partition']
  readonly bytes: number
  readonly deadline: number
  private readonly topic: string
  private readonly resolve: Answer['resolve']
  private readonly reject: Answer['reject']
  private readonly over: (bytes: number) => void

  constructor(record: OutRecord, deadline: number, { resolve, reject }: Answer, over: (bytes: number) => void) {
    const { topic, partition, key, value, headers, timestamp } = record
    this.key = key
    this.value = value
    this.headers = headers
    this.timestamp = timestamp ?? Date.now()
    this.partition = partition
    this.bytes = (key?.length ?? 0) + (value?.length ?? 0) + 32
    this.deadline = deadline
    this.topic = topic
    this.resolve = resolve
    this.reject = reject
    this.over = over
  }

  done(partition: number, offset: number, timestamp: number): void {
    this.over(this.bytes)
    this.resolve({ topic: this.topic, partition, offset, timestamp })
  }

  failed(error: unknown): void {
    this.over(this.bytes)
    this.reject(error as Error)
  }
}

/** What the broker says against the records of a topic, for good. */
export function refusal(topic: string, name: string, message: string | null): EvplatError {
  const said = message ?? name
  if (name.endsWith('AUTHORIZATION_FAILED'))
    return new EvplatError('not-authorised', `topic "${topic}" may not be written by this user`, {
      said,
      hint: 'the user needs WRITE on the topic',
    })
  return new EvplatError('broker-refused', `topic "${topic}" does not take the record`, {
    said,
    details: { code: name },
  })
}

export function tooLate(topic: string, why: string | undefined): EvplatError {
  const fact = `topic "${topic}" was not written within the delivery time`
  return new EvplatError('broker-unreachable', why === undefined ? fact : `${fact}: ${why}`)
}

const neverSent: ReadonlySet<unknown> = new Set([undefined, 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/** Whether a broker can't have had what was to be sent: there was no connection to it. */
export function isUnsent(error: EvplatError): boolean {
  return neverSent.has(error.parts.details?.['reason'])
}
