// What the service under load and those who watch it agree on.

export const serviceName = 'billing'
export const topic = 'orders'
export const partitions = 6
export const failuresOf = { attempts: 3, retryMs: [200], then: 'dlt' } as const
export const deadLetters = `${topic}.${serviceName}.dlt`
export const topics = [topic, `${topic}.${serviceName}.retry.200ms`, deadLetters]

export interface Event {
  /** from 0, each once */
  readonly n: number
  readonly key: string
}

/** 1 % of all events are no JSON, and 5 % fail at the first attempt. */
export const isPoison = (n: number): boolean => n % 100 === 3
export const isTransient = (n: number): boolean => n % 20 === 7
