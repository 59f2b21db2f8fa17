// Lines in, records out: the loop of `produce`. Stops at the first line that can't be written and says which it was.
import { EvplatError, messageOf } from '../core/errors.ts'
import { JsonError } from '../core/json.ts'
import type { InputRecord } from './envelope-reader.ts'
import type { Line } from './lines.ts'
import { partitionsText } from './ranges.ts'

/** Where records go: a producer for one topic. */
export interface RecordSink {
  readonly acknowledged: number
  readonly partitionCount: number
  partitionFor(key: Buffer | null): number
  /** false when the buffer is full: wait for `ready` */
  add(
    record: Pick<InputRecord, 'key' | 'value' | 'headers'> & { readonly timestamp: number },
    partition: number,
    tag: number,
  ): boolean
  ready(): Promise<void>
  kick(): void
  flush(): Promise<void>
}

export interface ProduceOptions {
  readonly sink: RecordSink
  /** a line as a record, or undefined to pass over it; may throw `bad-input` */
  readonly read: (line: Buffer) => InputRecord | undefined | Promise<InputRecord | undefined>
  readonly signal: AbortSignal
  readonly now: () => number
}

function atLine(number: number, thrown: unknown): EvplatError {
  const isJson = thrown instanceof JsonError
  const fact = isJson ? `no JSON at column ${thrown.column}: ${thrown.fact}` : messageOf(thrown)
  const jsonHint = isJson ? 'write each value as JSON on one line; text stands in double quotes' : undefined
  const hint = thrown instanceof EvplatError ? thrown.parts.hint : jsonHint
  return new EvplatError('bad-input', `line ${number}: ${fact}`, {
    details: { line: number },
    ...(hint !== undefined && { hint }),
  })
}

function addLine({ sink, now }: ProduceOptions, record: InputRecord, line: number): boolean {
  const { key, value, headers, partition = sink.partitionFor(key), timestamp = now() } = record
  if (partition >= sink.partitionCount)
    throw new EvplatError(
      'bad-input',
      `there is no partition ${partition}: the topic has ${partitionsText(sink.partitionCount)}`,
    )
  return sink.add({ key, value, headers, timestamp }, partition, line)
}

/**
 * Writes every line. What was read before a bad line is still written and acknowledged; then the error is thrown.
 * An abort ends the reading; what was read is still written.
 */
export async function produce(groups: AsyncIterable<readonly Line[]>, options: ProduceOptions): Promise<void> {
  const { sink, signal } = options
  let bad: EvplatError | undefined
  for await (const group of groups) {
    for (const { number, bytes } of group) {
      let record: InputRecord | undefined
      try {
        const reading = options.read(bytes)
        record = reading instanceof Promise ? await reading : reading
        if (record && !addLine(options, record, number)) await sink.ready()
      } catch (thrown) {
        if (thrown instanceof EvplatError && thrown.code !== 'bad-input') throw thrown
        bad = atLine(number, thrown)
        break
      }
    }
    sink.kick()
    if (bad || signal.aborted) break
  }
  await sink.flush()
  if (bad) throw bad
}
