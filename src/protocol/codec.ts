import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** Reads and writes one kind of value. */
export interface Codec<Out = unknown, In = Out> {
  read(reader: Reader): Out
  write(writer: Writer, value: In): void
}
