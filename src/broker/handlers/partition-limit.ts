// How many partitions one request may make. Kafka has this limit for new topics; of a large number for one that is there it dies.
import type { Problem } from '../topics/topics.ts'

export const mostPartitions = 10_000

export const tooManyPartitions: Problem = {
  error: 'POLICY_VIOLATION',
  message: 'Excessively large number of partitions per request.',
}
