/** Bytes that no later attempt will read: the record is for the dead letters. */
export class PoisonError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'PoisonError'
  }
}
