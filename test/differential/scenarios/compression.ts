// Topics with a codec of their own (compression.type): what becomes of batches in others.
import { gzipSync } from 'node:zlib'
import { broken, compressed } from '../../support/broken-batches.ts'
import { batchOf, type TestRecord } from '../../support/log-fixture.ts'
import { get, numbered, putOne, someTime } from '../data-requests.ts'
import { create, topic } from '../requests.ts'
import { type Scenario, type Step, scenario } from '../scenario.ts'

const types = ['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd', 'producer'] as const
const records: readonly TestRecord[] = [
  { key: 'a', value: 'one'.repeat(50), timestamp: someTime },
  { key: null, value: null, timestamp: someTime + 7 },
  { key: '', value: '', timestamp: someTime - 3 },
]
const orders = (type: string, ...more: readonly (readonly [string, string])[]): Step =>
  create(7, [topic('orders', { configs: [['compression.type', type], ...more] })])
const read = (version = 12): Step => get([['orders', [0, 0n]]], { version })

const all: Scenario[] = types.map((type) =>
  scenario(
    `compression.type ${type}`,
    orders(type),
    ...[0, 1, 2, 3, 4].map((codec) => putOne(batchOf(records, codec))),
    putOne(numbered(4242n, [0, 0], 3)),
    putOne(numbered(4242n, [0, 0], 3)),
    read(),
    read(10),
    get([['orders', [0, 4n]]]),
  ),
)

const others: Scenario[] = [
  scenario(
    'compression.type zstd: readers and writers that do not know it',
    orders('zstd'),
    putOne(batchOf(records), { version: 3 }),
    read(9),
    read(4),
    get([['orders', [0, 99n]]], { version: 9 }),
    read(),
  ),
  scenario(
    'compression.type gzip on the time of the broker, at other levels',
    orders('gzip', ['message.timestamp.type', 'LogAppendTime'], ['compression.gzip.level', '9']),
    putOne(batchOf(records)),
    putOne(batchOf(records, 2)),
    putOne(batchOf(records, 1)),
    read(),
  ),
  scenario(
    'compression.type: batches that are broken inside',
    orders('uncompressed'),
    ...broken.filter(([name]) => !name.includes('offsets')).map(([, make]) => putOne(make())),
    read(),
  ),
  scenario(
    'compression.type uncompressed: what is too large then',
    orders('uncompressed', ['max.message.bytes', '2000']),
    putOne(compressed(1, gzipSync(batchOf([{ value: 'x'.repeat(3000) }]).subarray(61)))),
    putOne(compressed(1, gzipSync(batchOf([{ value: 'x'.repeat(300) }]).subarray(61)))),
    read(),
  ),
]

export const compressionScenarios: readonly Scenario[] = [...all, ...others]
