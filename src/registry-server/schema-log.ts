// The port to where the registry keeps everything: one log of keyed records, written by one process. A log bounds its own waits.

export interface LogRecord {
  /** counts up from 0; a compacted log has gaps */
  readonly offset: number
  readonly key: Buffer | null
  /** null is a tombstone */
  readonly value: Buffer | null
}

export interface SchemaLog {
  /**
   * Appends one record and answers its offset once the record is durable.
   * A rejected append may or may not have happened; but once a later append was acknowledged, it happens no more.
   */
  append(key: Buffer, value: Buffer | null): Promise<number>
  /** Hands on every record from the offset on, in order, up to what was the end when the call began. */
  read(from: number, each: (record: LogRecord) => void): Promise<void>
}
