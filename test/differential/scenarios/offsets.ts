// ListOffsets and OffsetForLeaderEpoch: where a record stands, by position, by time, by epoch.
import { offsetForLeaderEpoch } from '../../../src/protocol/messages/offset-for-leader-epoch.ts'
import { batchOf } from '../../support/log-fixture.ts'
import { offsets, put, someTime, valued } from '../data-requests.ts'
import { create, removeRecords, topic } from '../requests.ts'
import { type Scenario, type Step, scenario, send } from '../scenario.ts'

const versions = [1, 2, 3, 4, 5, 6, 7, 8, 9]
const words = [-1n, -2n, -3n, -4n, -5n, -6n, -(2n ** 63n)]
const topics = create(7, [topic('orders', { partitions: 3 }), topic('empty')])
const time = (ms: number): bigint => BigInt(someTime + ms)
const filled: Step[] = [
  topics,
  put([['orders', [0, batchOf(valued(['a', 'b', 'c']))]]]),
  put([['orders', [0, batchOf(valued(['d', 'e', 'f', 'g'], 700), 1)], [1, batchOf(valued(['h']))]]]),
]
const moments = [
  0n,
  1n,
  time(-1),
  time(0),
  time(1),
  time(700),
  time(1500),
  time(2000),
  time(2001),
  time(2100),
  time(2101),
  2n ** 62n,
]

const places: Scenario[] = versions.flatMap((version) => [
  scenario(
    `offsets v${version}: every word`,
    ...filled,
    ...words.map((word) =>
      offsets(version, [
        ['orders', [0, word], [1, word], [2, word]],
        ['empty', [0, word]],
      ]),
    ),
  ),
  scenario(
    `offsets v${version}: by time`,
    ...filled,
    ...moments.map((moment) => offsets(version, [['orders', [0, moment], [1, moment], [2, moment]]])),
  ),
  scenario(
    `offsets v${version}: of what is not there, twice, of nothing`,
    ...filled,
    offsets(version, [
      ['nope', [0, -1n]],
      ['orders', [0, -1n], [9, -1n], [-1, -1n]],
    ]),
    offsets(version, [['orders', [0, -1n], [0, -2n], [1, -1n]]]),
    offsets(version, [
      ['orders', [0, -1n]],
      ['orders', [1, -1n]],
    ]),
    offsets(version, [
      ['orders', [0, -1n]],
      ['orders', [0, -1n]],
    ]),
    offsets(version, [['', [0, -1n]]]),
    offsets(version, [['sp ace', [0, -1n]]]),
    offsets(version, [['orders']]),
    offsets(version, []),
  ),
])

const removed: Scenario[] = [1, 4, 9].map((version) =>
  scenario(
    `offsets v${version}: after records were removed`,
    ...filled,
    removeRecords(2, [['orders', [0, 4n], [1, -1n]]]),
    ...[-1n, -2n, ...(version >= 9 ? [-3n, -4n] : []), 0n, time(0), time(700), time(2000), time(2001)].map((moment) =>
      offsets(version, [['orders', [0, moment], [1, moment]]]),
    ),
  ),
)

const codecs: Scenario[] = [1, 2, 3, 4].map((codec) =>
  scenario(
    `offsets: times in batches of codec ${codec}`,
    topics,
    put([['orders', [0, batchOf(valued(['a', 'b', 'c']), codec)]]]),
    put([
      [
        'orders',
        [
          0,
          batchOf(
            [{ timestamp: someTime + 9000 }, { timestamp: someTime + 5000 }, { timestamp: someTime + 9000 }],
            codec,
          ),
        ],
      ],
    ]),
    ...[time(0), time(1), time(2000), time(3000), time(5000), time(5001), time(9000), time(9001), -3n].map((moment) =>
      offsets(9, [['orders', [0, moment]]]),
    ),
  ),
)

const asked: Scenario[] = [
  ...[4, 5, 6, 9].map((version) =>
    scenario(
      `offsets v${version}: the leader's epoch`,
      ...filled,
      ...[-1, 0, 1, 7, -2].map((epoch) =>
        offsets(version, [['orders', [0, -1n, epoch], [1, -2n, epoch], [1, time(0), epoch]]]),
      ),
      ...[-1, 0, 1, 7, -2].map((epoch) =>
        offsets(version, [['orders', [0, -1n, epoch], [1, -2n, epoch], [2, time(0), epoch]]]),
      ),
      offsets(version, [['orders', [9, -1n, 7]]]),
    ),
  ),
  ...[2, 5, 9].map((version) =>
    scenario(
      `offsets v${version}: what is committed alone`,
      ...filled,
      ...[0, 1].flatMap((isolationLevel) =>
        [-1n, -2n, time(0), time(9999)].map((moment) =>
          offsets(version, [['orders', [0, moment]]], { isolationLevel }),
        ),
      ),
    ),
  ),
  scenario('offsets: nobody of the cluster', ...filled, offsets(9, [['orders', [0, -1n]]], { replicaId: -2 })),
  scenario(
    'offsets: the largest time comes twice',
    topics,
    ...[1, 2].map(() => put([['orders', [0, batchOf(valued(['a', 'b', 'c', 'd'], 0))]]])),
    offsets(7, [['orders', [0, -3n]]]),
    offsets(7, [['orders', [0, time(0)]]]),
  ),
  scenario(
    'offsets: records without a time',
    topics,
    put([['orders', [0, batchOf([{ timestamp: -1 }, { timestamp: -1 }])]]]),
    ...[-3n, 0n, -1n, -2n].map((moment) => offsets(7, [['orders', [0, moment]]])),
  ),
  scenario(
    'offsets: times that go back',
    topics,
    put([['orders', [0, batchOf(valued(['a', 'b', 'c'], -1000))]]]),
    put([['orders', [0, batchOf(valued(['d', 'e', 'f'], -500))]]]),
    ...[-3n, time(-2000), time(-1000), time(-1), time(0), time(1)].map((moment) =>
      offsets(7, [['orders', [0, moment]]]),
    ),
  ),
]

type Asked = readonly [partition: number, epoch: number, current?: number]
const epochEnd = (version: number, partitions: readonly Asked[], name = 'orders'): Step =>
  send(offsetForLeaderEpoch, version, {
    topics: [
      {
        topic: name,
        partitions: partitions.map(([partition, leaderEpoch, currentLeaderEpoch = -1]) => ({
          partition,
          leaderEpoch,
          currentLeaderEpoch,
        })),
      },
    ],
  })

const epochs: Scenario[] = [0, 1, 2, 3, 4].flatMap((version) => [
  scenario(
    `ends of epochs v${version}`,
    ...filled,
    ...[-2, -1, 0, 1, 7].map((epoch) =>
      epochEnd(version, [
        [0, epoch],
        [1, epoch],
        [2, epoch],
      ]),
    ),
    epochEnd(version, []),
    send(offsetForLeaderEpoch, version, { topics: [] }),
  ),
  scenario(
    `ends of epochs v${version}: of what is not there, and of another leader`,
    ...filled,
    epochEnd(version, [
      [9, 0],
      [0, 0],
      [-1, 0],
    ]),
    epochEnd(version, [[0, 0]], 'nope'),
    epochEnd(version, [[0, 0]], ''),
    epochEnd(version, [
      [0, 0],
      [0, 0],
    ]),
    ...[0, 1, 7, -2].map((current) =>
      epochEnd(version, [
        [0, 0, current],
        [9, 0, current],
      ]),
    ),
  ),
])

export const offsetScenarios: readonly Scenario[] = [...places, ...removed, ...codecs, ...asked, ...epochs]
