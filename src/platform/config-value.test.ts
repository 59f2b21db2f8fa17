import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfigValue } from './config-value.ts'
import { topicConfigs } from './topic-configs.ts'

const read = (name: string, written: string | string[]) => readConfigValue(topicConfigs.get(name)!, written)

describe('config values', () => {
  test.each([
    ['retention.ms', '7d', '604800000'],
    ['retention.ms', '-1', '-1'],
    ['retention.ms', ' 1h30m ', '5400000'],
    ['flush.ms', '9223372036854775807', '9223372036854775807'],
    ['retention.bytes', '1.5 GiB', '1610612736'],
    ['segment.bytes', '512MiB', '536870912'],
    ['max.message.bytes', '1048588', '1048588'],
    ['min.insync.replicas', '02', '2'],
    ['compression.gzip.level', '-1', '-1'],
    ['preallocate', 'TRUE', 'true'],
    ['min.cleanable.dirty.ratio', '.5', '.5'],
    ['compression.type', 'zstd', 'zstd'],
    ['cleanup.policy', 'compact, delete', 'compact,delete'],
    ['cleanup.policy', ['delete'], 'delete'],
    ['leader.replication.throttled.replicas', ['0:1', '1:2'], '0:1,1:2'],
  ])('%s: %s is %s', (name, written, value) => expect(read(name, written)).toEqual({ value }))

  test.each([
    ['retention.ms', '-2', 'a duration of at least -1'],
    ['retention.ms', '9223372036854775808', 'a duration of at most 9223372036854775807'],
    ['retention.ms', '7', undefined],
    ['segment.bytes', '13', 'a size of at least 14'],
    ['segment.bytes', '2GiB', 'a size of at most 2147483647'],
    ['segment.bytes', '7d', 'a size'],
    ['flush.messages', '1.5', 'a whole number'],
    ['compression.gzip.level', '0', 'a whole number other than 0'],
    ['preallocate', 'yes', 'true or false'],
    ['min.cleanable.dirty.ratio', '1.01', 'a number from 0 to 1'],
    ['cleanup.policy', '', 'one of compact, delete'],
    ['cleanup.policy', [], 'one of compact, delete'],
    ['retention.ms', ['7d'], 'one value'],
  ])('%s: %s must be %s', (name, written, expected) => {
    const reading = read(name, written)
    expect('expected' in reading ? reading.expected : undefined).toBe(expected)
  })

  test('a wrong item of a list is named by its number', () =>
    expect(read('cleanup.policy', 'compact,delet')).toMatchObject({ hint: 'did you mean "delete"?', item: 1 }))

  test('what has been read reads as itself, and defaults do too', () => {
    for (const [name, config] of topicConfigs) expect(read(name, config.default)).toEqual({ value: config.default })
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (number) => {
        expect(read('flush.ms', String(number))).toEqual({ value: String(number) })
      }),
    )
  })
})
