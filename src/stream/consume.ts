// Batches in, lines out: the loop of `consume`. Waits only for output, for schemas that are new, and for the next fetch.
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
  async writeBatches({ partition, from, until, batches }: Fetched): Promise<number | undefined> {
    const { cursor, options } = this
    let next = from
    for (const batch of batches) {
      cursor.open(batch)
      while (!this.isFull && cursor.next()) {
        if (cursor.offset < from || cursor.offset >= until) continue
        if (this.mayNeedSchemas) for (const id of missingIn(cursor, options)) await options.schemas.load(id)
        this.write(cursor, partition)
        next = cursor.offset + 1
      }
      if (options.output.isFull) await options.output.flush()
    }
    return this.isFull ? next : undefined
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

const none: readonly number[] = []

function missingIn(record: RecordCursor, { key, value, schemas }: ConsumeOptions): readonly number[] {
  const keyId = missingSchema(record.key(), key, schemas)
  const valueId = missingSchema(record.value(), value, schemas)
  if (keyId === undefined && valueId === undefined) return none
  return [keyId, valueId].filter((id) => id !== undefined)
}
