// What Kafka says of an error where it has nothing of its own to say about a request.
import type { ErrorName } from '../../protocol/error-table.ts'

export const generalWords = {
  COORDINATOR_NOT_AVAILABLE: 'The coordinator is not available.',
  INVALID_REQUEST:
    'This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.',
  KAFKA_STORAGE_ERROR: 'Disk error when trying to access log file on the disk.',
  UNKNOWN_TOPIC_ID: 'This server does not host this topic ID.',
  UNKNOWN_TOPIC_OR_PARTITION: 'This server does not host this topic-partition.',
} as const satisfies Partial<Record<ErrorName, string>>
