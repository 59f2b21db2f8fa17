// Producers that go on whatever happens to the broker: what was not acknowledged is sent again, byte for byte the same batch.
import { setTimeout as sleep } from 'node:timers/promises'
import { errorName } from '../../src/protocol/error-table.ts'
import { initProducerId } from '../../src/protocol/messages/init-producer-id.ts'
import { produce } from '../../src/protocol/messages/produce.ts'
import type { ProducerState } from '../../src/protocol/records/batch-builder.ts'
import type { Wire } from '../differential/wire.ts'
import { batchOf } from '../support/log-fixture.ts'
import type { PartitionHistory } from './partition-history.ts'
import type { Run } from './run.ts'
import { ask, dialUntil } from './session.ts'

export interface ProducerOptions {
  /** its place among all producers */
  readonly id: number
  readonly history: PartitionHistory
  readonly isIdempotent: boolean
}

interface Sending {
  readonly bytes: Buffer
  readonly records: readonly {
    readonly key: string | null
    readonly value: string | null
    readonly timestamp: number
  }[]
  readonly codec: number
}

const codecNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
/** as many as a broker remembers of a producer */
const mostInFlight = 5
const keys = 300

export class LoadProducer {
  private readonly run: Run
  private readonly options: ProducerOptions
  private readonly inFlight: Sending[] = []
  private state: ProducerState | undefined
  private wantsNewId = false
  private next = 0
  private lastAcknowledged = -1

  constructor(run: Run, options: ProducerOptions) {
    this.run = run
    this.options = options
  }

  /** Resolves when the run is over and all that was sent is acknowledged. */
  async work(): Promise<void> {
    const { run, options } = this
    const isDone = (): boolean => run.isOver && this.inFlight.length === 0
    while (!isDone()) {
      const wire = await dialUntil(run.port, `producer-${options.id}`, isDone)
      if (!wire) return
      await this.serve(wire, isDone).finally(() => wire.close())
    }
  }

  /** Sends until the connection ends. */
  private async serve(wire: Wire, isDone: () => boolean): Promise<void> {
    const { random } = this.run
    this.wantsNewId ||= this.options.isIdempotent && random.oneIn(6)
    const replies = this.inFlight.map((batch) => this.send(wire, batch))
    if (replies.length > 0) this.run.count('batches sent again', replies.length)
    while (!isDone()) {
      const depth = 1 + random.below(mostInFlight)
      while (!this.run.isOver && replies.length < depth) {
        if (this.wantsNewId && this.inFlight.length > 0) break
        if (!(await this.introduce(wire))) return
        const batch = this.newBatch()
        this.inFlight.push(batch)
        replies.push(this.send(wire, batch))
      }
      const reply = await replies.shift()
      if (!reply) {
        await Promise.all(replies)
        return
      }
      this.take(this.inFlight.shift()!, reply)
      await sleep(random.below(20))
    }
  }

  /** Sees to it that it has an id; after some crashes, with nothing in flight, a new one, as a program that starts again. */
  private async introduce(wire: Wire): Promise<boolean> {
    if (!this.options.isIdempotent) return true
    if (this.state && !this.wantsNewId) return true
    const answer = await ask(wire, [initProducerId, 4], { transactionalId: null, transactionTimeoutMs: 0 })
    if (!answer) return false
    const { producerId, producerEpoch: epoch, errorCode } = answer
    if (errorCode !== 0) this.run.report(`InitProducerId: ${errorName(errorCode)}`)
    if (this.run.producerIds.has(producerId)) this.run.report(`producer id ${producerId} was given twice`)
    this.run.producerIds.add(producerId)
    this.state = { producerId, epoch, sequence: 0 }
    this.wantsNewId = false
    return true
  }

  private newBatch(): Sending {
    const { run, options, state } = this
    const { random, ledger } = run
    const records = Array.from({ length: 1 + random.below(5) }, () => {
      const n = this.next++
      const { isCompacted } = options.history
      const key = random.oneIn(3) && !isCompacted ? null : `k${random.below(keys)}`
      const isTombstone = isCompacted && random.oneIn(6)
      const size = random.oneIn(50) ? 4000 : random.below(300)
      const value = isTombstone ? null : `${options.id}:${n}:`.padEnd(size, `${n} `)
      options.history.send(key)
      return { key, value, timestamp: ledger.enter({ producer: options.id, n }, { key, value }) }
    })
    const codec = random.below(codecNames.length)
    const bytes = batchOf(records, codec, state)
    if (state) this.state = { ...state, sequence: state.sequence + records.length }
    return { bytes, records, codec }
  }

  /** The answer for the partition; undefined when the connection ended before it came. */
  private async send(wire: Wire, { bytes }: Sending): Promise<{ errorCode: number; baseOffset: bigint } | undefined> {
    const { topic: name, partition: index } = this.options.history
    const topicData = [{ name, partitionData: [{ index, records: bytes }] }]
    const answer = await ask(wire, [produce, 9], { transactionalId: null, acks: -1, timeoutMs: 5000, topicData })
    return answer?.responses[0]?.partitionResponses[0]
  }

  private take({ records, codec }: Sending, reply: { errorCode: number; baseOffset: bigint }): void {
    const { run, options } = this
    const { history, id } = options
    if (reply.errorCode !== 0)
      return run.report(`${history.name}: producer ${id} is refused: ${errorName(reply.errorCode)}`)
    const base = Number(reply.baseOffset)
    if (base <= this.lastAcknowledged)
      run.report(`${history.name}: producer ${id} was told ${base} behind ${this.lastAcknowledged}`)
    this.lastAcknowledged = base + records.length - 1
    for (const [i, { key, value, timestamp }] of records.entries())
      history.acknowledge(base + i, timestamp, key, value === null)
    run.count('batches acknowledged')
    run.count(`of codec ${codecNames[codec]}`)
    run.count('records acknowledged', records.length)
  }
}
