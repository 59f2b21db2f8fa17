// The id of the cluster: made at the first start, kept with the data.
import type { Journal } from './storage/store.ts'
import { newTopicId } from './topics/topic-id.ts'

/** The id that the journal knows, or a new one: 22 characters of base64url, as Kafka's are. */
export function clusterIdIn(journal: Journal): string {
  let known: string | undefined
  journal.replay((record) => (known = record.toString()))
  if (known !== undefined) return known
  const made = newTopicId()
  journal.rewrite([Buffer.from(made)])
  return made
}
