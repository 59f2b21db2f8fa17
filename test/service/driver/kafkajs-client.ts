// kafkajs as the suite sets it up.
import { Kafka, logLevel } from 'kafkajs'

export const client = (bootstrap: readonly string[]): Kafka =>
  new Kafka({
    clientId: 'evplat',
    brokers: [...bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, maxRetryTime: 1000 },
  })
