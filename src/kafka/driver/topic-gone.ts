// Whether a topic was deleted under its readers.
import { EvplatError } from '../../core/errors.ts'
import { errorName } from '../../protocol/error-table.ts'
import type { Cluster } from '../cluster.ts'
import { pauseFor } from '../group/change.ts'

export interface TopicWatch {
  readonly topics: readonly string[]
  readonly everyMs: number
  readonly signal: AbortSignal
}

/**
 * Resolves with the error for a topic that was there and is not any more, or with undefined when the signal aborts. A broker that has just
 * started knows no topics for a while, so it must be missing twice in a row.
 */
export async function awaitGone(
  cluster: Cluster,
  { topics, everyMs, signal }: TopicWatch,
): Promise<EvplatError | undefined> {
  const known = new Set<string>()
  let suspects = new Set<string>()
  for (;;) {
    const answer = await cluster.metadata(topics).catch(() => undefined)
    if (signal.aborted) return undefined
    const missing = new Set<string>()
    for (const { name, errorCode } of answer?.topics ?? []) {
      if (name === null) continue
      if (errorCode === 0) known.add(name)
      else if (errorName(errorCode) === 'UNKNOWN_TOPIC_OR_PARTITION' && known.has(name)) missing.add(name)
    }
    const gone = [...missing].find((topic) => suspects.has(topic))
    if (gone !== undefined)
      return new EvplatError('topic-missing', `topic "${gone}" was deleted while it was read`, {
        hint: 'see `evplat topics list`',
        details: { topic: gone },
      })
    suspects = missing
    await pauseFor(everyMs, signal)
  }
}
