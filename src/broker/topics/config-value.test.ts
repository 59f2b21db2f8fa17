import { describe, expect, test } from 'vitest'
import { createBrokerConfigs } from './broker-configs.ts'
import { brokerConfigTable } from './broker-config-table.ts'
import { logConfigOf, topicConfigProblem } from './topic-config.ts'
import { topicConfig, topicConfigs } from './topic-config-table.ts'
import { parseConfig } from './config-value.ts'

const broker = createBrokerConfigs(1, new Map())
const problem = (set: Record<string, string>) => topicConfigProblem(new Map(Object.entries(set)), broker)

describe('values of topic configs', () => {
  test('there are 36 keys, and the default of each is a legal value', () => {
    expect(new Set(topicConfigs.map(({ name }) => name)).size).toBe(36)
    for (const definition of topicConfigs) expect(parseConfig(definition, definition.default)).toHaveProperty('value')
  })

  test('the defaults of the broker are legal values too', () => {
    for (const definition of brokerConfigTable)
      if (definition.default !== null) expect(parseConfig(definition, definition.default)).toHaveProperty('value')
  })

  test.each([
    ['retention.ms', 'abc', 'Invalid value abc for configuration retention.ms: Not a number of type LONG'],
    ['retention.ms', '', 'Invalid value  for configuration retention.ms: Not a number of type LONG'],
    ['retention.ms', '-2', 'Invalid value -2 for configuration retention.ms: Value must be at least -1'],
    [
      'retention.ms',
      '9223372036854775808',
      'Invalid value 9223372036854775808 for configuration retention.ms: Not a number of type LONG',
    ],
    ['retention.ms', '5.0', 'Invalid value 5.0 for configuration retention.ms: Not a number of type LONG'],
    [
      'segment.bytes',
      '3000000000',
      'Invalid value 3000000000 for configuration segment.bytes: Not a number of type INT',
    ],
    ['segment.bytes', '13', 'Invalid value 13 for configuration segment.bytes: Value must be at least 14'],
    [
      'preallocate',
      'yes',
      'Invalid value yes for configuration preallocate: Expected value to be either true or false',
    ],
    ['cleanup.policy', 'x', 'Invalid value x for configuration cleanup.policy: String must be one of: compact, delete'],
    [
      'cleanup.policy',
      'compact,',
      'Invalid value  for configuration cleanup.policy: String must be one of: compact, delete',
    ],
    [
      'min.cleanable.dirty.ratio',
      '2',
      'Invalid value 2.0 for configuration min.cleanable.dirty.ratio: Value must be no more than 1',
    ],
    [
      'min.cleanable.dirty.ratio',
      '-12345678',
      'Invalid value -1.2345678E7 for configuration min.cleanable.dirty.ratio: Value must be at least 0',
    ],
    [
      'min.cleanable.dirty.ratio',
      'x',
      'Invalid value x for configuration min.cleanable.dirty.ratio: Not a number of type DOUBLE',
    ],
    [
      'compression.type',
      'GZIP',
      'Invalid value GZIP for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer',
    ],
    [
      'compression.gzip.level',
      '0',
      'Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1',
    ],
    [
      'compression.lz4.level',
      '18',
      'Invalid value 18 for configuration compression.lz4.level: Value must be no more than 17',
    ],
    [
      'message.format.version',
      '9.9',
      'Invalid value 9.9 for configuration message.format.version: Version 9.9 is not a valid version',
    ],
    ['nope', '1', 'Unknown topic config name: nope'],
    [
      'remote.storage.enable',
      'true',
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
    ],
  ])('%s=%s is refused in the words of the server', (name, value, message) => {
    expect(problem({ [name]: value })).toBe(message)
  })

  test('a list of throttled replicas is told whole', () => {
    expect(problem({ 'leader.replication.throttled.replicas': '0:1,x' })).toContain('Invalid value [0:1, x] for')
    expect(problem({ 'leader.replication.throttled.replicas': '*' })).toBeUndefined()
  })

  test.each([
    ['retention.ms', ' 5 '],
    ['retention.ms', '+5'],
    ['cleanup.policy', ' compact , delete '],
    ['cleanup.policy', ''],
    ['preallocate', 'TRUE'],
    ['min.cleanable.dirty.ratio', '1e-1'],
    ['min.cleanable.dirty.ratio', '0.5f'],
    ['message.format.version', '2.8.1'],
    ['message.format.version', '0.8.0'],
    ['message.format.version', '3.0-IV1'],
  ])('%s=%s is accepted, as Java reads it', (name, value) => {
    expect(problem({ [name]: value })).toBeUndefined()
  })

  test('two keys that contradict each other are refused, also where one is a default', () => {
    expect(problem({ 'min.compaction.lag.ms': '10', 'max.compaction.lag.ms': '5' })).toBe(
      'conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)',
    )
    const eager = createBrokerConfigs(1, new Map([['log.cleaner.max.compaction.lag.ms', '5']]))
    expect(topicConfigProblem(new Map([['min.compaction.lag.ms', '10']]), eager)).toContain('(10) >')
  })

  test('of several wrong values the first of the table is told', () => {
    expect(problem({ 'retention.ms': 'x', 'segment.bytes': 'y' })).toContain('segment.bytes')
    expect(problem({ 'retention.ms': 'x', nope: 'y' })).toBe('Unknown topic config name: nope')
  })

  test('largest longs stay what they are', () => {
    expect(parseConfig(topicConfig('flush.ms')!, '9223372036854775807')).toEqual({ value: 2n ** 63n - 1n })
  })

  test('storage gets typed values', () => {
    expect(logConfigOf(new Map([['cleanup.policy', 'delete,compact']]), broker)).toMatchObject({
      'cleanup.policy': { delete: true, compact: true },
      'segment.bytes': 1_073_741_824,
      'retention.bytes': -1,
      'min.cleanable.dirty.ratio': 0.5,
      'message.timestamp.type': 'CreateTime',
      'compression.type': 'producer',
    })
  })
})
