// Batches in, lines out: the loop of `consume`. Waits only for output, for schemas that are new, and for the next fetch.
import { type Batch } from '../protocol/records/batch.ts'
import { RecordCursor } from '../protocol/records/cursor.ts'
import { type OutputBuffer } from './output-buffer.ts'
import { type RecordWriter } from './record-writers.ts'
import { type SchemaCache } from './schema-cache.ts'
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
  const { output, limit = Infinity } = options
  const loop = new Loop(options, limit)
  if (limit === 0) return loop.consumed
  for await (const arrived of source) {
    for (const fetched of arrived) await loop.writeAll(fetched)
    await output.flush()
    if (loop.consumed.records >= limit) break
  }
  return loop.consumed
}

class Loop {
  readonly consumed: { records: number; undecodable: number; firstProblem?: string } = { records: 0, undecodable: 0 }
  private readonly options: ConsumeOptions
  private readonly limit: number
  private readonly mayNeedSchemas: boolean
  private readonly cursor = new RecordCursor()

  constructor(options: ConsumeOptions, limit: number) {
    this.options = options
    this.limit = limit
    this.mayNeedSchemas = [options.key, options.value].some((as) => as === 'avro' || as === 'auto')
  }

  async writeAll({ partition, from, until, batches }: Fetched): Promise<void> {
    const { cursor, consumed, options } = this
    for (const batch of batches) {
      cursor.open(batch)
      while (consumed.records < this.limit && cursor.next()) {
        if (cursor.offset < from || cursor.offset >= until) continue
        if (this.mayNeedSchemas) for (const id of missingIn(cursor, options)) await options.schemas.load(id)
        this.note(options.writer.write(cursor, partition), partition)
      }
      if (options.output.isFull) await options.output.flush()
    }
  }

  private note(problem: string | undefined, partition: number): void {
    const { consumed } = this
    consumed.records++
    if (problem === undefined) return
    consumed.undecodable++
    consumed.firstProblem ??= `${partition}:${this.cursor.offset}: ${problem}`
  }
}

const none: readonly number[] = []

function missingIn(cursor: RecordCursor, { key, value, schemas }: ConsumeOptions): readonly number[] {
  const keyId = missingSchema(cursor.key(), key, schemas)
  const valueId = missingSchema(cursor.value(), value, schemas)
  if (keyId === undefined && valueId === undefined) return none
  return [keyId, valueId].filter((id) => id !== undefined)
}
