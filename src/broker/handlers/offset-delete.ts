// OffsetDelete (KIP-496): single offsets of a group go, where no member uses their topic.
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import { offsetDelete as api } from '../../protocol/messages/offset-delete.ts'
import { handler } from '../handler.ts'
import { byTopic } from './by-topic.ts'

export const offsetDeleteHandler = handler({
  api,
  versions: [0, 0],
  handle: ({ groups, topics }, request) => {
    const named = request.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
    )
    const known = named.filter(({ topic, partition }) => topics.get(topic)?.partitions[partition])
    const { error, errors } = groups.deleteOffsets(request.groupId, known)
    if (error !== 'NONE') return { errorCode: errorCode(error), throttleTimeMs: 0, topics: [] }
    const errorOf = new Map(known.map((each, i): [object, ErrorName] => [each, errors[i]!]))
    return {
      errorCode: 0,
      throttleTimeMs: 0,
      topics: byTopic(named, (each) => ({
        partitionIndex: each.partition,
        errorCode: errorCode(errorOf.get(each) ?? 'UNKNOWN_TOPIC_OR_PARTITION'),
      })),
    }
  },
  refuse: (_, code) => ({ errorCode: code, throttleTimeMs: 0, topics: [] }),
})
