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
      '## What is deliberately missing',
      ['| what | instead |', '|---|---|', ...missing.map(([what, instead]) => `| ${what} | ${instead} |`)].join('\n'),
    ].join('\n\n') + '\n'
  )
}
