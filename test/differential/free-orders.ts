// Arrays of answers whose order says nothing: Kafka makes them from hash tables, or shuffles them.

export const freeOrders: ReadonlySet<string> = new Set([
  'CreatePartitions.results',
  'CreateTopics.topics',
  'DeleteRecords.topics',
  'DeleteRecords.topics.partitions',
  'DeleteTopics.responses',
  'DescribeConfigs.results.configs',
  'DescribeLogDirs.results.topics',
  'DescribeLogDirs.results.topics.partitions',
  'DescribeProducers.topics.partitions.activeProducers',
  'ElectLeaders.replicaElectionResults',
  'FindCoordinator.coordinators',
  'Metadata.topics',
  'Metadata.topics.partitions',
  'OffsetForLeaderEpoch.topics',
  'OffsetForLeaderEpoch.topics.partitions',
  'Produce.responses',
  'Produce.responses.partitionResponses',
])
