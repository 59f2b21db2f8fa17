/**
 * One record as the writers see it; the cursor over record batches is one, and so is a message that a group's member was given.
 * Key and value are ranges of `bytes`; a start of -1 is null.
 */
export interface RecordView {
  readonly bytes: Buffer
  readonly offset: number
  /** milliseconds since 1970 */
  readonly timestamp: number
  readonly keyStart: number
  readonly keyEnd: number
  readonly valueStart: number
  readonly valueEnd: number
  readonly headerCount: number
  key(): Buffer | null
  value(): Buffer | null
  headers(): [name: string, value: Buffer | null][]
}
