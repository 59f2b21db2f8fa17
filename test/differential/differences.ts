// The differences between the embedded broker and Kafka 3.9 that are meant. Each has its reason; one that no scenario shows any more fails
// the test, so that the table stays true.
import type { Json } from './normalise.ts'

export interface AcceptedDifference {
  /** the scenarios that may show it */
  readonly scenario: RegExp
  /** of the field: number of the step, API and version, then the names of the fields; configs by their name */
  readonly path: RegExp
  readonly when?: (kafka: Json | undefined, ours: Json | undefined) => boolean
  readonly reason: string
}

const configs = /^\d+\.DescribeConfigs \d\.results\.\d+\.configs\./
const ofConfigs = (keys: string, field = '.*'): RegExp => new RegExp(`${configs.source}(${keys})\\.${field}$`)

export const acceptedDifferences: readonly AcceptedDifference[] = [
  {
    scenario: /^all keys of the broker$/,
    path: configs,
    when: (kafka, ours) => ours === undefined && typeof kafka === 'object',
    reason: 'the broker lists what it honours and what tells clients what it is, not the 317 keys of Kafka',
  },
  {
    scenario: /^all keys of the broker$/,
    path: ofConfigs('listeners|advertised.listeners|listener.security.protocol.map'),
    reason: 'there is one listener, none for controllers, and none of it can be changed while the broker runs',
  },
  { scenario: /^all keys of the broker$/, path: ofConfigs('log.dirs'), reason: 'the data of this test is in memory' },
  {
    scenario: /^keys of the broker that are not known$/,
    path: /IncrementalAlterConfigs \d\.responses\.\d+\.error(Code|Message)$/,
    when: (_, ours) =>
      ours === 42 ||
      /^Cannot update these configs dynamically: Set\((nope|log\.cleaner\.threads)\)$/.test(String(ours)),
    reason: 'Kafka keeps keys that it does not know; here what would have no effect is refused',
  },
  {
    scenario: /^subscriptions to client metrics$/,
    path: /IncrementalAlterConfigs \d\.responses\.\d+\.error(Code|Message)$/,
    when: (_, ours) => ours === 42 || ours === 'Unknown resource type 16',
    reason: 'there are no subscriptions to client metrics',
  },
  {
    scenario: /^loggers of another node$/,
    path: /IncrementalAlterConfigs \d\.responses\.\d+\.errorMessage$/,
    when: (_, ours) => ours === 'Unexpected node id. Expected 1, but received 7',
    reason: 'Kafka tells its own id where it means the one that it received',
  },
  {
    scenario: /^topics whose deletion may take no time$/,
    path: /DeleteTopics 4\.responses\.0\.errorCode$|Metadata 1\.topics\.0$/,
    when: (kafka, ours) => (kafka === 7 && ours === 0) || ours === undefined,
    reason: 'Kafka refuses what is to be done before now; here it is done at once, whatever time is given',
  },
  {
    scenario: /^topic partitions: an empty name$/,
    path: /DescribeTopicPartitions 0\.topics\./,
    when: (kafka) => kafka === -1 || kafka === undefined || kafka === 'none' || kafka === -2_147_483_648,
    reason:
      'Kafka fails as a whole when one of the names is empty; here that name is refused as the illegal name that it is',
  },
  {
    scenario: /^log dirs v4$/,
    path: /DescribeLogDirs 4\.results\.0\.(total|usable)Bytes$/,
    when: (_, ours) => ours === '-1',
    reason: 'the size of the volume is not looked at: -1 says that it is unknown',
  },
  {
    scenario: /^api versions/,
    path: /ApiVersions \d\.apiKeys\.key \d+$/,
    when: (_, ours) => ours === undefined,
    reason: 'transactions, SASL, quotas, delegation tokens and what nodes say to each other are not served',
  },
  {
    scenario: /^api versions/,
    path: /ApiVersions \d\.apiKeys\.key (1|2|10|22)\.(min|max)Version$/,
    when: (kafka, ours) => kafka === 0 || Number(kafka) === Number(ours) + 1,
    reason:
      'formats of before Kafka 0.11 are not served, and neither are versions for share groups and for transactions of 4.0',
  },
  {
    scenario: /^api versions/,
    path: /ApiVersions [34]\.(supportedFeatures|finalizedFeatures|finalizedFeaturesEpoch)/,
    reason: 'of the features that 3.9 can have only the finalised metadata.version is told',
  },
  {
    scenario: /^metadata v\d+: what is not there and is made$/,
    path: /^0\.Metadata \d+\.topics\.0\./,
    when: (kafka, ours) => (kafka === 3 && ours === 0) || kafka === 'none' || kafka === undefined,
    reason: 'a topic that comes to be by being asked for is told at once, not only at the next request',
  },
  {
    scenario: /^fetch(:| v\d+:).*(a session is wanted|sessions that are not there)$/,
    path: /Fetch \d+\.sessionId$/,
    when: (kafka, ours) => kafka === '<session>' && ours === 0,
    reason: 'sessions are never opened, as by a broker that has no room for more: clients go on asking in full',
  },
  {
    scenario: /^produce v\d+: records out of order$/,
    path: /Produce \d+\.responses\.0\.partitionResponses\.0\.(errorCode|baseOffset)$|ListOffsets 4\.topics\.0\.partitions\.0\.offset$/,
    when: (kafka, ours) => (kafka === 0 && ours === 87) || (Number(kafka) >= 0 && (ours === '-1' || ours === '0')),
    reason:
      'Kafka looks at the offsets within a batch only where it is compressed; here what no client may send is refused',
  },
  {
    scenario: /^offsets v9: after records were removed$/,
    path: /^6\.ListOffsets 9\.topics\.0\.partitions\.1\.(timestamp|offset|leaderEpoch)$/,
    when: (_, ours) => ours === '-1' || ours === -1,
    reason: 'Kafka tells the largest time of a record that was removed, while its segment is there',
  },
  {
    scenario: /^offsets: records without a time$/,
    path: /^2\.ListOffsets 7\.topics\.0\.partitions\.0\.(offset|leaderEpoch)$/,
    when: (_, ours) => ours === '-1' || ours === -1,
    reason: 'of records without a time none has the largest; Kafka tells the first',
  },
]
