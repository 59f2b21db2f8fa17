// Batches in, lines out: the loop of `consume`. Waits only for output, for schemas that are new, and for the next fetch.
import { EvplatError } from '../core/errors.ts'
import type { Batch } from '../protocol/records/batch.ts'
import { RecordCursor } from '../protocol/records/cursor.ts'
import type { OutputBuffer } from './output-buffer.ts'
import type { RecordWriter } from './record-writers.ts'
import type { SchemaCache } from './schema-cache.ts'
import { type ShownAs, missingSchema } from './show.ts'

/** What a fetch brought of one partition; records outside [from, until) are not wanted. */
export interface Fetched {
  readonly partition: number
  readonly from: number
  readonly until: number
  readonly batches: readonly Batch[]
}

export interface ConsumeOptions {
  readonly writer: RecordWriter
  readonly output: OutputBuffer
  readonly schemas: SchemaCache
  readonly key: ShownAs
  readonly value: ShownAs
  /** stop after so many records */
  readonly limit?: number
}

export interface Consumed {
  readonly records: number
  readonly undecodable: number
  /** why the first of them could not be decoded */
  readonly firstProblem?: string
}

/** Writes every record of the source. Ends with the source, or at the limit. */
export async function consume(source: AsyncIterable<readonly Fetched[]>, options: ConsumeOptions): Promise<Consumed> {
  const writing = new Writing(options)
  if (writing.isFull) return writing.consumed
  for await (const arrived of source) {
    for (const fetched of arrived) await writing.writeBatches(fetched)
    await options.output.flush()
    if (writing.isFull) break
  }
  return writing.consumed
}

/** Writes records and keeps count of them. */
export class Writing {
  readonly consumed: { records: number; undecodable: number; firstProblem?: string } = { records: 0, undecodable: 0 }
  private readonly options: ConsumeOptions
  private readonly limit: number
  private readonly mayNeedSchemas: boolean
  private readonly cursor = new RecordCursor()

  constructor(options: ConsumeOptions) {
    this.options = options
    this.limit = options.limit ?? Infinity
    this.mayNeedSchemas = [options.key, options.value].some((as) => as === 'avro' || as === 'auto')
  }

  /** Whether the limit is reached. */
  get isFull(): boolean {
    return this.consumed.records >= this.limit
  }

  /** Writes the records of a fetch. Returns the offset to go on from where the limit was reached, else undefined. */
  async writeBatches(fetched: Fetched): Promise<number | undefined> {
    let next = fetched.from
    for (const batch of fetched.batches) {
      try {
        next = (await this.writeBatch(batch, fetched)) ?? next
      } catch (thrown) {
        throw withPlace(thrown, batch, fetched.partition)
      }
      if (this.options.output.isFull) await this.options.output.flush()
    }
    return this.isFull ? next : undefined
  }

  /** The offset behind the last record that was written, if any was. */
  private async writeBatch(batch: Batch, { partition, from, until }: Fetched): Promise<number | undefined> {
    const { cursor, options } = this
    let next: number | undefined
    cursor.open(batch)
    while (!this.isFull && cursor.next()) {
      if (cursor.offset < from || cursor.offset >= until) continue
      if (this.mayNeedSchemas) for (const id of missingIn(cursor, options)) await options.schemas.load(id)
      this.write(cursor, partition)
      next = cursor.offset + 1
    }
    return next
  }

  private write(record: RecordCursor, partition: number): void {
    const { consumed } = this
    const problem = this.options.writer.write(record, partition)
    consumed.records++
    if (problem === undefined) return
    consumed.undecodable++
    consumed.firstProblem ??= `${partition}:${record.offset}: ${problem}`
  }
}

/** A batch that can't be read, with what one needs to read on behind it. */
function withPlace(thrown: unknown, { baseOffset, lastOffset }: Batch, partition: number): unknown {
  if (!(thrown instanceof EvplatError) || thrown.code !== 'malformed-message') return thrown
  const place = `offsets ${baseOffset} to ${lastOffset} of partition ${partition}`
  return new EvplatError(thrown.code, `${place} can't be read: ${thrown.message}`, {
    hint: `what comes after them is read with \`--partition ${partition} --from ${lastOffset + 1}\``,
    details: { partition, firstOffset: baseOffset, lastOffset },
    ...(thrown.cause !== undefined && { cause: thrown.cause }),
  })
}

const none: readonly number[] = []

function missingIn(record: RecordCursor, { key, value, schemas }: ConsumeOptions): readonly number[] {
  const keyId = missingSchema(record.key(), key, schemas)
  const valueId = missingSchema(record.value(), value, schemas)
  if (keyId === undefined && valueId === undefined) return none
  return [keyId, valueId].filter((id) => id !== undefined)
}
