// The records of one partition on their way: one batch at a time, under a producer id of its own, so that a batch that fails for good
// (after which nobody knows what the broker has) takes nothing of other partitions with it: the next one begins with a new id (KIP-98).
import { EvplatError } from '../../core/errors.ts'
import { errorName, isRetriable } from '../../protocol/error-table.ts'
import { BatchBuilder, type NewRecord } from '../../protocol/records/batch-builder.ts'

export interface Pending {
  readonly record: NewRecord
  readonly bytes: number
  /** of `performance.now()` */
  readonly deadline: number
  readonly done: (offset: number, timestamp: number) => void
  readonly failed: (error: EvplatError) => void
}

export interface Written {
  readonly errorCode: number
  readonly message: string | null
  readonly baseOffset: number
  /** -1 where the records keep their own */
  readonly appendTime: number
}

export interface LaneIo {
  readonly topic: string
  readonly newId: (timeoutMs: number) => Promise<{ producerId: bigint; epoch: number }>
  /** Throws `broker-unreachable` where nobody knows whether it was written. */
  readonly write: (batch: Buffer, timeoutMs: number) => Promise<Written>
  /** waits a little, and finds out who leads the partition */
  readonly again: (why: string) => Promise<void>
}

const batchBytes = 512 * 1024

export class Lane {
  private readonly io: LaneIo
  private readonly queue: Pending[] = []
  private id: { producerId: bigint; epoch: number } | undefined
  private sequence = 0
  private isBusy = false

  constructor(io: LaneIo) {
    this.io = io
  }

  add(pending: Pending): void {
    this.queue.push(pending)
    if (this.isBusy) return
    this.isBusy = true
    // what is sent at the same time goes out together
    setImmediate(() => void this.run())
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) await this.deliver(this.take())
    this.isBusy = false
  }

  private take(): Pending[] {
    let bytes = 0
    const count = this.queue.findIndex((pending, i) => (bytes += pending.bytes) > batchBytes && i > 0)
    return this.queue.splice(0, count < 0 ? this.queue.length : count)
  }

  /** Ends when every record is written or has failed. */
  private async deliver(batch: readonly Pending[]): Promise<void> {
    let last = new EvplatError(
      'broker-unreachable',
      `topic "${this.io.topic}" was not written within the delivery time`,
    )
    const timeLeft = (): number => batch[0]!.deadline - performance.now()
    while (timeLeft() > 0) {
      try {
        this.id ??= await this.io.newId(timeLeft())
        const written = await this.io.write(this.build(batch), Math.max(1, timeLeft()))
        if (!isRetriable(written.errorCode)) return await this.settle(batch, written)
        last = new EvplatError(
          'broker-unreachable',
          `topic "${this.io.topic}" is not written: ${errorName(written.errorCode)}`,
        )
      } catch (thrown) {
        if (!(thrown instanceof EvplatError)) throw thrown
        if (thrown.code !== 'broker-unreachable') return this.fail(batch, thrown)
        last = thrown
      }
      await this.io.again(last.message)
    }
    this.fail(batch, last)
  }

  private build(batch: readonly Pending[]): Buffer {
    const builder = new BatchBuilder()
    for (const { record } of batch) builder.add(record)
    return builder.finish({ ...this.id!, sequence: this.sequence })
  }

  private async settle(
    batch: readonly Pending[],
    { errorCode, message, baseOffset, appendTime }: Written,
  ): Promise<void> {
    const name = errorName(errorCode)
    if (name === 'NONE') {
      this.sequence = (this.sequence + batch.length) % 2 ** 31
      for (const [i, { record, done }] of batch.entries())
        done(baseOffset + i, appendTime >= 0 ? appendTime : record.timestamp)
    } else if ((name === 'MESSAGE_TOO_LARGE' || name === 'RECORD_LIST_TOO_LARGE') && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2)
      await this.deliver(batch.slice(0, middle))
      await this.deliver(batch.slice(middle))
    } else this.fail(batch, refusal(this.io.topic, name, message))
  }

  private fail(batch: readonly Pending[], error: EvplatError): void {
    this.id = undefined
    this.sequence = 0
    for (const { failed } of batch) failed(error)
  }
}

function refusal(topic: string, name: string, message: string | null): EvplatError {
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
