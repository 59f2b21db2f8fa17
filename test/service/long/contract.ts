// What the service under load and those who watch it agree on.

export const serviceName = 'billing'
export const topic = 'orders'
export const partitions = 6
export const failuresOf = { attempts: 3, retryMs: [200], then: 'dlt' } as const
const retries = `${topic}.${serviceName}.retry.200ms`
export const deadLetters = `${topic}.${serviceName}.dlt`
export const topics = [topic, retries, deadLetters]
/** those that the group reads */
export const readTopics = [topic, retries]

/** Of the listener: what a killed instance may have handled and not committed follows from them. */
export const limits = { gap: 50, commitRecords: 100 }

/**
 * What is handled again when an instance is killed that has all partitions: of each what was handled behind a record in work, and
 * what was counted for the next commit while one was under way.
 */
export const window = partitions * limits.gap + 2 * limits.commitRecords

/** each load counts from a multiple of it */
export const loadSpan = 10_000_000

export interface Event {
  /** each once */
  readonly n: number
  readonly key: string
}

/** 1 % of all events are no JSON, and 5 % fail at the first attempt. */
export const isPoison = (n: number): boolean => n % 100 === 3
export const isTransient = (n: number): boolean => n % 20 === 7
