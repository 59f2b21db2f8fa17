// A rule that names a topic refuses that topic alone: what else the request asks for is done, as in a cluster that refuses one of many.
import type { Api, ResponseWritten } from '../../protocol/api.ts'
import { namesTopic, topicLists } from './names-in.ts'

type Fields = Readonly<Record<string, unknown>>

export interface Parts {
  readonly refused: object
  /** undefined where nothing is left */
  readonly rest: object | undefined
}

/** A request in two: what names the topic, and what does not. One whose topics are not in a list of its own is not divided. */
export function divide(request: object, topic: string, nameOfId: (id: string) => string | undefined): Parts {
  const lists = Object.entries(request as Fields).filter(
    (entry): entry is [string, unknown[]] =>
      (topicLists as readonly string[]).includes(entry[0]) && Array.isArray(entry[1]),
  )
  const only = (isNamed: boolean): object => {
    const kept = lists.map(([key, items]) => [
      key,
      items.filter((item) => namesTopic(item, topic, nameOfId) === isNamed),
    ])
    return { ...request, ...(Object.fromEntries(kept) as Fields) }
  }
  const isAny = (isNamed: boolean): boolean =>
    lists.some(([, items]) => items.some((item) => namesTopic(item, topic, nameOfId) === isNamed))
  if (!isAny(true) || !isAny(false)) return { refused: request, rest: undefined }
  return { refused: only(true), rest: only(false) }
}

/** lists of answers that have an item for each topic */
const perTopic = ['topics', 'responses', 'results']

/** One answer of two: that to what was done, and that to what was refused. */
export function join(done: ResponseWritten<Api>, refused: ResponseWritten<Api>): ResponseWritten<Api> {
  const both = Object.entries(done as Fields).map(([key, value]) => {
    const other = (refused as Fields)[key]
    const isJoined = perTopic.includes(key) && Array.isArray(value) && Array.isArray(other)
    return [key, isJoined ? [...(value as unknown[]), ...(other as unknown[])] : value] as const
  })
  return Object.fromEntries(both) as ResponseWritten<Api>
}
