// docs/embedded.md: what the embedded broker serves, and what it deliberately does not.
import { handlers } from '../../src/broker/handlers.ts'

/** What Kafka 3.9 has and the embedded broker has not, and what a client sees instead. */
const missing: readonly (readonly [what: string, instead: string])[] = [
  [
    'transactions',
    'their APIs are not advertised; a producer with a transactional id is told that the version is not supported',
  ],
  [
    'SASL, TLS, ACLs',
    'it listens on the loopback addresses alone, in plaintext; ACL requests are answered with SECURITY_DISABLED',
  ],
  [
    'more than one node',
    'one broker with one copy of everything; a larger replication factor is refused as Kafka refuses it',
  ],
  ['KIP-848 groups', 'their APIs are not advertised: clients use the classic protocol, which is their default'],
  ['fetch sessions', 'every fetch is answered as a full one, as a broker does whose cache is full'],
  [
    'a look into every compressed batch',
    'batches are opened only where the settings of the topic ask something of each record (compaction, limits of time); else one that is broken inside, which Kafka refuses, is kept and handed out as it came, found by no time, and left alone by compaction',
  ],
  [
    'levels of compression beyond those of gzip',
    'a topic with a codec of its own gets it, but LZ4 has one level, and Zstandard is written in blocks as they are before Node 22.15, which brought a compressor',
  ],
  ['quotas, telemetry, delegation tokens, tiered storage, racks', 'not advertised'],
  ['`__consumer_offsets` as a topic', 'groups and offsets are kept, but not as records that a client could read'],
  [
    'message formats before Kafka 0.11',
    'Produce 0 to 2 are advertised, because librdkafka looks for them, and refused',
  ],
  [
    'ListOffsets 0',
    'the list of segments that it asks for is not told; every client of this decade asks for version 1 or later',
  ],
  [
    'a pause before the first assignment of a group',
    '`group.initial.rebalance.delay.ms` is 0, where Kafka waits 3 s for more members; like every config it can be set',
  ],
]

/** test/program/embedded.test.ts plays these lines. */
const faults = [
  '## Faults',
  `What it does wrong on demand, for tests of how programs bear it. Rules are set at the endpoint of the server \`faults\` in \`evplat status\`,
and are gone with the process. [formats.md](formats.md#fault-rules) has each part of a rule.`,
  `    FAULTS=$(evplat status -o json | jq -r '.servers[] | select(.name == "faults").endpoint')

    # the next two writes to orders.placed are answered with an error, and not done
    curl -X POST $FAULTS -d '{ "match": { "api": "Produce", "topic": "orders.placed" }, "count": 2, "do": "error", "value": "NOT_ENOUGH_REPLICAS" }'

    # the next write is done, and the connection ends before its answer
    curl -X POST $FAULTS -d '{ "match": { "api": "Produce" }, "count": 1, "do": "disconnect-after" }'

    # every tenth answer to the client "billing" is lost, after what it asked for was done
    curl -X POST $FAULTS -d '{ "match": { "client": "billing" }, "probability": 0.1, "do": "drop" }'

    # reading takes half a second longer; every client is told to slow down
    curl -X POST $FAULTS -d '{ "match": { "api": "Fetch" }, "do": "delay", "value": 500 }'
    curl -X POST $FAULTS -d '{ "match": {}, "do": "throttle", "value": 200 }'

    # the coordinator of the group "billing" moves: it is away for a second, loads for another, and is back
    curl -X POST $FAULTS -d '{ "match": { "group": "billing" }, "count": 1, "do": "move-coordinator", "value": 2000 }'

    curl $FAULTS                 # all rules; \`met\` counts the requests that each has met
    curl -X DELETE $FAULTS/1     # one of them
    curl -X DELETE $FAULTS       # all of them`,
  'In the same process:',
  `    const { bootstrap, faults } = await startEmbedded()
    faults.add({ match: { api: 'Produce' }, count: 1, do: 'error', value: 'NOT_LEADER_OR_FOLLOWER' })
    faults.list()`,
]

/** The whole page. */
export function embeddedPage(): string {
  const apis = Array.from(handlers.values())
    .toSorted((a, b) => a.api.key - b.api.key)
    .map(({ api: { key, name }, versions: [min, max] }) => `| ${key} | ${name} | ${min} to ${max} |`)
  return (
    [
      '# The embedded broker',
      '<!-- generated from src/broker/handlers by `npm run generate` -->',
      'A Kafka broker inside Node for development, tests and CI. It speaks the protocol of Kafka 3.9: what a client sees is what Kafka 3.9 answers, or an honest "unsupported".',
      '## APIs',
      ['| key | API | versions |', '|---|---|---|', ...apis].join('\n'),
      ...faults,
      '## What is deliberately missing',
      ['| what | instead |', '|---|---|', ...missing.map(([what, instead]) => `| ${what} | ${instead} |`)].join('\n'),
    ].join('\n\n') + '\n'
  )
}
