// Produce: what is written, what is refused, and in which words.
import { batchAt } from '../../../src/protocol/records/batch.ts'
import { batchOf } from '../../support/log-fixture.ts'
import { changed, get, offsets, put, putOne, someTime, valued } from '../data-requests.ts'
import { create, topic } from '../requests.ts'
import { type Scenario, type Step, scenario, settle } from '../scenario.ts'
import { broken, wrong } from './damaged-batches.ts'

type Configs = readonly (readonly [name: string, value: string])[]
const orders = (...configs: Configs): Step => create(7, [topic('orders', { partitions: 2, configs })])
const abc = batchOf(valued(['a', 'b', 'c']))
const one = batchOf(valued(['a']))
const end: Step = offsets(4, [['orders', [0, -1n], [1, -1n]]])
const all: Step = get([['orders', [0, 0n]]])

const written: Scenario[] = [3, 4, 5, 6, 7, 8, 9, 10, 11].map((version) =>
  scenario(
    `produce v${version}: acknowledged by the leader, by all`,
    orders(),
    putOne(abc, { version, acks: 1 }),
    putOne(abc, { version, acks: -1 }),
    put([['orders', [1, one], [0, one]]], { version }),
    put([], { version }),
    put([['orders']], { version }),
    end,
    all,
  ),
)

const refused: Scenario[] = [3, 7, 8, 9, 11].map((version) =>
  scenario(
    `produce v${version}: to where nothing is`,
    orders(),
    put([['orders', [0, one], [2, one], [-1, one]]], { version }),
    put(
      [
        ['nope', [0, one]],
        ['orders', [1, one]],
      ],
      { version },
    ),
    put([['', [0, one]]], { version }),
    put([['sp ace', [0, one]]], { version }),
    end,
  ),
)

const acknowledged: Scenario[] = [
  ...[3, 8, 11].map((version) =>
    scenario(
      `produce v${version}: acknowledgements that can not be`,
      orders(),
      ...[2, -2, 127, 32_767].map((acks) => putOne(one, { version, acks })),
      end,
    ),
  ),
  ...[3, 9, 11].map((version) =>
    scenario(
      `produce v${version}: without acknowledgement`,
      orders(),
      putOne(abc, { version, acks: 0, parked: true }),
      putOne(one, { version, acks: 1 }),
      end,
    ),
  ),
  scenario(
    'produce: without acknowledgement, to where nothing is',
    orders(),
    put([['nope', [0, one]]], { acks: 0, parked: true, as: 'lost' }),
    settle('lost'),
    end,
  ),
  scenario(
    'produce: without acknowledgement, damaged',
    orders(),
    put([['orders', [0, broken()], [1, one]]], { acks: 0, parked: true, as: 'lost' }),
    settle('lost'),
    end,
  ),
]

const damaged: Scenario[] = Object.entries(wrong).flatMap(([what, batches]) =>
  [3, 11].map((version) =>
    scenario(`produce v${version}: ${what}`, orders(), ...batches.map((batch) => putOne(batch, { version })), end),
  ),
)

const mixed: Scenario[] = [
  scenario(
    'produce: some that are well and some that are not',
    orders(),
    put([['orders', [0, broken()], [1, one]]]),
    put([['orders', [0, one], [1, Buffer.alloc(0)]]]),
    put([['orders', [0, one], [1, Buffer.concat([one, one])]]]),
    end,
  ),
  scenario(
    'produce: a partition twice',
    orders(),
    put([['orders', [0, one], [0, abc]]]),
    put([
      ['orders', [0, one]],
      ['orders', [1, abc]],
    ]),
    end,
  ),
]

const byConfig: Scenario[] = [
  scenario(
    'produce: too large',
    orders(['max.message.bytes', `${abc.length - 1}`]),
    putOne(abc),
    putOne(one),
    putOne(abc, { version: 3 }),
    end,
  ),
  scenario('produce: just as large as may be', orders(['max.message.bytes', `${abc.length}`]), putOne(abc), end),
  scenario('produce: larger than a segment', orders(['segment.bytes', '14']), putOne(one), end),
  ...[3, 8, 11].map((version) =>
    scenario(
      `produce v${version}: too old`,
      orders(['message.timestamp.before.max.ms', '1000']),
      putOne(abc, { version }),
      putOne(batchOf([{ timestamp: -1 }]), { version }),
      end,
    ),
  ),
  scenario('produce: far in the future', orders(['message.timestamp.after.max.ms', '1000']), putOne(abc), end),
  scenario(
    'produce: compressed and too old',
    orders(['message.timestamp.before.max.ms', '1000']),
    ...compressed({}),
    end,
  ),
  scenario('produce: without a time', orders(), putOne(batchOf([{ timestamp: -1 }, { timestamp: -1 }])), end, all),
  scenario(
    'produce: the largest time in the header is wrong',
    orders(),
    putOne(changed((b) => b.writeBigInt64BE(BigInt(someTime + 77_000), batchAt.maxTimestamp))),
    putOne(changed((b) => b.writeBigInt64BE(5n, batchAt.maxTimestamp))),
    putOne(changed((b) => b.writeBigInt64BE(-1n, batchAt.maxTimestamp))),
    putOne(changed((b) => b.writeBigInt64BE(-2n, batchAt.baseTimestamp))),
    all,
  ),
  ...[3, 5, 11].map((version) =>
    scenario(
      `produce v${version}: the broker's own time`,
      orders(['message.timestamp.type', 'LogAppendTime']),
      putOne(abc, { version }),
      ...compressed({ version: Math.max(7, version) }),
      all,
    ),
  ),
  ...[3, 8, 11].map((version) =>
    scenario(
      `produce v${version}: no keys on a compacted topic`,
      orders(['cleanup.policy', 'compact']),
      putOne(batchOf([{ key: 'k' }, { key: null }, { key: 'l' }, { key: null }]), { version }),
      putOne(batchOf([1, 2, 3, 4, 5].map(() => ({ key: null }))), { version }),
      putOne(batchOf([{ key: '' }, { key: 'k', value: null }]), { version }),
      putOne(batchOf([{ key: null }], 1), { version }),
      end,
    ),
  ),
  ...[3, 11].map((version) =>
    scenario(
      `produce v${version}: more replicas in sync wanted than there are`,
      orders(['min.insync.replicas', '2']),
      ...[-1, 1].map((acks) => putOne(one, { version, acks })),
      putOne(broken(), { version }),
      end,
    ),
  ),
]

function compressed(options: { version?: number }): Step[] {
  return [1, 2, 3, 4].map((codec) => putOne(batchOf(valued(['a', 'b', 'c']), codec), options))
}

const codecs: Scenario[] = [
  ...[7, 11].map((version) =>
    scenario(`produce v${version}: every codec`, orders(), ...compressed({ version }), end, all),
  ),
  scenario(
    'produce: zstd before its time',
    orders(),
    ...[3, 6].map((version) => putOne(batchOf(valued(['a']), 4), { version })),
    end,
  ),
  scenario(
    'produce: all that a topic compresses',
    orders(['compression.type', 'producer']),
    putOne(batchOf(valued(['a', 'b'], 0), 1)),
    offsets(7, [['orders', [0, -3n]]]),
    all,
  ),
]

export const produceScenarios: readonly Scenario[] = [
  ...written,
  ...refused,
  ...acknowledged,
  ...damaged,
  ...mixed,
  ...byConfig,
  ...codecs,
]
