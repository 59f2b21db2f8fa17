// DescribeLogDirs: the one folder, and the size of each partition in it. Null asks for all partitions; what is not there is left out.
// From version 4 on Kafka tells the size of the volume and what is free; here both are unknown (-1), as Kafka has it where it can't tell.
import { describeLogDirs } from '../../protocol/messages/describe-log-dirs.ts'
import type { RequestRead } from '../../protocol/api.ts'
import type { Broker } from '../broker.ts'
import { handler } from '../handler.ts'
import type { Topic } from '../topics/topics.ts'

type Asked = RequestRead<typeof describeLogDirs>['topics']

function askedPartitions({ topics }: Broker, asked: Asked): Map<Topic, ReadonlySet<number>> {
  const found = new Map<Topic, ReadonlySet<number>>()
  if (asked === null) for (const topic of topics.all()) found.set(topic, new Set(topic.partitions.keys()))
  for (const { topic: name, partitions } of asked ?? []) {
    const topic = topics.get(name)
    const known = topic ? partitions.filter((partition) => topic.partitions[partition]) : []
    if (topic && known.length > 0) found.set(topic, new Set([...(found.get(topic) ?? []), ...known]))
  }
  return found
}

export const describeLogDirsHandler = handler({
  api: describeLogDirs,
  versions: [0, 4],
  handle: (broker, request) => {
    const topics = Array.from(askedPartitions(broker, request.topics), ([topic, partitions]) => ({
      name: topic.name,
      partitions: Array.from(partitions, (partitionIndex) => ({
        partitionIndex,
        partitionSize: BigInt(topic.partitions[partitionIndex]!.size),
        offsetLag: 0n,
        isFutureKey: false,
      })),
    }))
    const logDir = broker.configs.value('log.dirs') ?? ''
    return { throttleTimeMs: 0, errorCode: 0, results: [{ errorCode: 0, logDir, topics }] }
  },
})
