// What Kafka's own command-line tools are asked on the embedded broker, in this order, and what they have to say.

export type ToolVersion = '3.9' | '4.3'

export interface ToolStep {
  /** its script in Kafka's `bin` */
  readonly tool: string
  /** its main class */
  readonly main: string | Readonly<Record<ToolVersion, string>>
  readonly does: string
  /** FILE is a file with the first record of each partition of "orders" to keep */
  readonly args: string
  readonly input?: string
  /** what it prints has to match; spaces are one space */
  readonly says: RegExp
  /** it is meant to fail: the broker has nothing of the kind */
  readonly refused?: true
}

const tools = 'org.apache.kafka.tools'
const topics = { tool: 'kafka-topics', main: `${tools}.TopicCommand` }
const configs = { tool: 'kafka-configs', main: 'kafka.admin.ConfigCommand' }
const groups = { tool: 'kafka-consumer-groups', main: `${tools}.consumer.group.ConsumerGroupCommand` }
const offsets = { tool: 'kafka-get-offsets', main: `${tools}.GetOffsetShell` }
/** a program that left Scala between the two versions */
const moved = (folder: string, name: string): Readonly<Record<ToolVersion, string>> => ({
  '3.9': `${folder}.${name}`,
  '4.3': `${tools}.${name}`,
})
const reader = '--group readers --topic orders'

export const toolSteps: readonly ToolStep[] = [
  {
    ...topics,
    does: 'creates',
    args: '--create --topic orders --partitions 2 --config retention.ms=3600000',
    says: /Created topic orders\./,
  },
  {
    ...topics,
    does: 'hears that there is one already',
    args: '--create --topic orders --partitions 2',
    says: /Topic 'orders' already exists/,
    refused: true,
  },
  { ...topics, does: 'adds partitions', args: '--alter --topic orders --partitions 3', says: /^ ?$/ },
  {
    ...topics,
    does: 'describes',
    args: '--describe --topic orders',
    says: /PartitionCount: 3 ReplicationFactor: 1 Configs: retention\.ms=3600000 .*Partition: 2 Leader: 1 Replicas: 1 Isr: 1/,
  },
  {
    ...configs,
    does: 'changes',
    args: '--alter --entity-type topics --entity-name orders --add-config max.message.bytes=2000000',
    says: /Completed updating config for topic orders\./,
  },
  {
    ...configs,
    does: 'tells what is set and what it stands in front of',
    args: '--describe --entity-type topics --entity-name orders',
    says: /max\.message\.bytes=2000000 sensitive=false synonyms=\{DYNAMIC_TOPIC_CONFIG:max\.message\.bytes=2000000, DEFAULT_CONFIG:message\.max\.bytes=1048588\} retention\.ms=3600000/,
  },
  {
    ...configs,
    does: 'tells all of the broker',
    args: '--describe --all --entity-type brokers --entity-name 1',
    says: /All configs for broker 1 are: .* log\.retention\.hours=168 .*DEFAULT_CONFIG:log\.retention\.hours=168/,
  },
  {
    tool: 'kafka-console-producer',
    main: moved('kafka.tools', 'ConsoleProducer'),
    does: 'writes with keys',
    args: '--sync --topic orders --property parse.key=true --property key.separator=: --compression-codec zstd',
    input: 'a:one\nb:two\na:three\n',
    says: /^/,
  },
  {
    tool: 'kafka-console-consumer',
    main: `${tools}.consumer.ConsoleConsumer`,
    does: 'reads in a group',
    args: '--topic orders --from-beginning --group readers --max-messages 3 --timeout-ms 30000 --property print.key=true',
    says: /a one (.* )?a three /,
  },
  { ...offsets, does: 'tells the ends', args: '--topic orders --time -1', says: /orders:0:0 orders:1:2 orders:2:1/ },
  { ...groups, does: 'lists', args: '--list', says: /readers/ },
  {
    ...groups,
    does: 'describes offsets and lag',
    args: '--describe --group readers',
    says: /readers orders 0 0 0 0 - - - readers orders 1 2 2 0 - - - readers orders 2 1 1 0/,
  },
  { ...groups, does: 'tells the state', args: '--describe --group readers --state', says: /\(1\) (- )?Empty 0/ },
  {
    ...groups,
    does: 'resets offsets',
    args: `--reset-offsets ${reader} --to-earliest --execute`,
    says: /readers orders 1 0 readers orders 2 0/,
  },
  { ...groups, does: 'sees the new lag', args: '--describe --group readers', says: /readers orders 1 0 2 2 / },
  {
    ...groups,
    does: 'deletes',
    args: '--delete --group readers',
    says: /Deletion of requested consumer groups \('readers'\) was successful/,
  },
  {
    tool: 'kafka-delete-records',
    main: `${tools}.DeleteRecordsCommand`,
    does: 'deletes',
    args: '--offset-json-file FILE',
    says: /partition: orders-1 low_watermark: 1/,
  },
  { ...offsets, does: 'tells the starts', args: '--topic orders --time -2', says: /orders:0:0 orders:1:1 orders:2:0/ },
  {
    tool: 'kafka-log-dirs',
    main: `${tools}.LogDirsCommand`,
    does: 'tells sizes',
    args: '--describe --topic-list orders',
    says: /\{"partition":"orders-0","size":0,"offsetLag":0,"isFuture":false\},\{"partition":"orders-1","size":[1-9]/,
  },
  {
    tool: 'kafka-leader-election',
    main: `${tools}.LeaderElectionCommand`,
    does: 'finds nothing to elect',
    args: '--election-type preferred --topic orders --partition 0',
    says: /Valid replica already elected for partitions orders-0/,
  },
  {
    tool: 'kafka-reassign-partitions',
    main: `${tools}.reassign.ReassignPartitionsCommand`,
    does: 'lists none',
    args: '--list',
    says: /No partition reassignments found\./,
  },
  {
    tool: 'kafka-broker-api-versions',
    main: moved('kafka.admin', 'BrokerApiVersionsCommand'),
    does: 'tells them',
    args: '',
    says: /Produce\(0\): 0 to 11 \[usable: 11\], Fetch\(1\): 4 to 17 \[usable: 17\]/,
  },
  {
    tool: 'kafka-cluster',
    main: `${tools}.ClusterTool`,
    does: 'tells the id',
    args: 'cluster-id',
    says: /Cluster ID: [\w-]{22}/,
  },
  {
    tool: 'kafka-features',
    main: `${tools}.FeatureCommand`,
    does: 'tells the level',
    args: 'describe',
    says: /metadata\.version .*FinalizedVersionLevel: 3\.9-IV0/,
  },
  {
    tool: 'kafka-producer-perf-test',
    main: `${tools}.ProducerPerformance`,
    does: 'writes',
    args: '--topic perf --num-records 2000 --record-size 100 --throughput -1 --producer-props bootstrap.servers=BOOTSTRAP',
    says: /2000 records sent/,
  },
  {
    tool: 'kafka-consumer-perf-test',
    main: `${tools}.ConsumerPerformance`,
    does: 'reads',
    args: '--topic perf --messages 2000 --timeout 30000',
    says: /, 2000, \d/,
  },
  {
    tool: 'kafka-acls',
    main: moved('kafka.admin', 'AclCommand'),
    does: 'hears that security is off',
    args: '--list',
    says: /SecurityDisabledException/,
    refused: true,
  },
  {
    tool: 'kafka-transactions',
    main: `${tools}.TransactionsCommand`,
    does: 'hears that there are none',
    args: 'list',
    says: /does not support LIST_TRANSACTIONS/,
    refused: true,
  },
  {
    tool: 'kafka-transactions',
    main: `${tools}.TransactionsCommand`,
    does: 'tells who writes',
    args: 'describe-producers --topic perf --partition 0',
    says: /ProducerId\s+ProducerEpoch\s.*\s\d+\s+0\s+-1\s+\d+\s+\d+\s+None/,
  },
  {
    tool: 'kafka-metadata-quorum',
    main: `${tools}.MetadataQuorumCommand`,
    does: 'hears that there is none',
    args: 'describe --status',
    says: /does not support DESCRIBE_QUORUM/,
    refused: true,
  },
  { ...topics, does: 'deletes', args: '--delete --topic orders', says: /^ ?$/ },
  { ...topics, does: 'lists', args: '--list', says: /^_schemas perf $/ },
]
