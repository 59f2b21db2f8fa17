// The answers for single partitions, put together by topic as the messages of groups want them.
import { groupBy } from '../../core/group-by.ts'

/** Topics in the order in which they first appear. */
export function byTopic<P extends { readonly topic: string }, R>(
  partitions: readonly P[],
  tell: (partition: P) => R,
): { readonly name: string; readonly partitions: R[] }[] {
  return [...groupBy(partitions, ({ topic }) => topic)].map(([name, own]) => ({ name, partitions: own.map(tell) }))
}
