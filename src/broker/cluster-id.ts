// The id of the cluster: made at the first start, kept with the data, twice, so that one flipped bit does not cost it.
import { tolerate } from './storage/device-error.ts'
import type { Journal } from './storage/store.ts'
import { newTopicId } from './topics/topic-id.ts'

const copies = (id: string): Buffer[] => [Buffer.from(id), Buffer.from(id)]

/** The id that the journal knows, or a new one: 22 characters of base64url, as Kafka's are. `onNew` hears of that. */
export function clusterIdIn(journal: Journal, onNew: (id: string) => void = () => undefined): string {
  const known: string[] = []
  const isWhole = journal.replay((record) => known.push(record.toString()))
  const [id] = known
  if (id !== undefined) {
    const isDamaged = !isWhole || known.length < copies(id).length
    if (isDamaged) tolerate(() => journal.rewrite(copies(id))) // where that is refused, what is there is good enough for now
    return id
  }
  const made = newTopicId()
  journal.rewrite(copies(made))
  onNew(made)
  return made
}
