// Ids of topics (KIP-516): 16 random bytes, as the 22 characters of base64url that Kafka prints.
import { randomBytes } from 'node:crypto'

/** "no id", where a message has a place for one */
export const noId = 'AAAAAAAAAAAAAAAAAAAAAA'

/** A new one. None starts with a dash, so that each can be an argument of a command. */
export function newTopicId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url')
    if (!id.startsWith('-') && id !== noId) return id
  }
}
