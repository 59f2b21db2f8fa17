// Fetch: from where, how much, how long; what is not there.
import { type FetchOptions, get, learnIds, put } from '../data-requests.ts'
import { remove, removeRecords } from '../requests.ts'
import { type Scenario, hangUp, scenario, settle } from '../scenario.ts'
import { readerScenarios } from './fetch-readers.ts'
import { abc, defg, filled, topics } from './fetched-topics.ts'

const versions = [4, 5, 7, 9, 11, 12, 13, 15, 16, 17]
const unknownId = 'AAAAAAAAAAAAAAAAAAAAAQ'
const noId = 'AAAAAAAAAAAAAAAAAAAAAA'

const read: Scenario[] = versions.flatMap((version) => [
  scenario(
    `fetch v${version}: from the start, within a batch, at the end`,
    ...filled,
    ...[0n, 1n, 3n, 6n, 9n, 10n].map((offset) => get([['orders', [0, offset]]], { version })),
    get([['empty', [0, 0n]]], { version }),
  ),
  scenario(
    `fetch v${version}: from where nothing is`,
    ...filled,
    removeRecords(2, [['orders', [0, 3n]]]),
    ...[-1n, 0n, 2n, 3n, 11n, 2n ** 62n].map((offset) => get([['orders', [0, offset]]], { version })),
    get([['orders', [3, 0n], [-1, 0n], [1, 0n]]], { version }),
  ),
])

const limited: Scenario[] = [4, 12, 17].flatMap((version) => [
  scenario(
    `fetch v${version}: so many bytes of a partition`,
    ...filled,
    ...[0, 1, abc.length, abc.length + defg.length, 1000, -1].map((partitionMaxBytes) =>
      get([['orders', [0, 0n, { partitionMaxBytes }]]], { version }),
    ),
    get([['orders', [0, 4n, { partitionMaxBytes: 1 }]]], { version }),
  ),
  scenario(
    `fetch v${version}: so many bytes of all`,
    ...filled,
    ...[0, 1, abc.length, abc.length + defg.length, -1].map((maxBytes) =>
      get([['orders', [0, 0n], [1, 0n], [2, 0n]]], { version, maxBytes }),
    ),
    get([['orders', [2, 0n], [1, 0n], [0, 0n]]], { version, maxBytes: 1 }),
    get([['orders', [0, 99n], [1, 0n], [0, 0n]]], { version, maxBytes: 1 }),
  ),
  scenario(
    `fetch v${version}: one of the limits and several batches`,
    ...filled,
    get([['orders', [0, 0n, { partitionMaxBytes: 1 }], [1, 0n, { partitionMaxBytes: 1 }]]], { version }),
    get([['orders', [0, 0n, { partitionMaxBytes: abc.length }], [1, 0n]]], { version }),
    get(
      [
        ['empty', [0, 0n]],
        ['orders', [1, 0n]],
      ],
      { version, maxBytes: 1 },
    ),
  ),
])

const waits = (version: number, more: FetchOptions): FetchOptions => ({
  version,
  on: 'reader',
  parked: true,
  as: 'long',
  maxWaitMs: 8000,
  ...more,
})

const waited: Scenario[] = [
  ...[4, 12, 17].flatMap((version) => [
    scenario(
      `fetch v${version}: waits for the first byte`,
      topics,
      learnIds('orders', 'empty'),
      get([['orders', [0, 0n], [1, 0n]]], waits(version, { minBytes: 1 })),
      put([['orders', [1, abc]]]),
      settle('long'),
    ),
    scenario(
      `fetch v${version}: waits for more than there is`,
      ...filled,
      get([['orders', [1, 0n]]], waits(version, { minBytes: defg.length + 1 })),
      put([['orders', [1, abc]]]),
      settle('long'),
    ),
    scenario(
      `fetch v${version}: does not wait for what is wrong`,
      ...filled,
      get([['orders', [0, 99n], [1, 4n]]], { version, minBytes: 1, maxWaitMs: 8000 }),
      get([['orders', [9, 0n], [1, 4n]]], { version, minBytes: 1, maxWaitMs: 200 }),
      get([], { version, minBytes: 1, maxWaitMs: 8000 }),
    ),
    scenario(
      `fetch v${version}: waits in vain`,
      ...filled,
      get([['orders', [1, 4n]]], { version, minBytes: 1, maxWaitMs: 100 }),
      get([['orders', [0, 0n]]], { version, minBytes: 100_000, maxWaitMs: 100 }),
      get([['orders', [0, 0n]]], { version, minBytes: 100_000, maxWaitMs: 0 }),
      get([['orders', [0, 0n]]], { version, minBytes: 100_000, maxWaitMs: -5 }),
      get([['orders', [0, 10n]]], { version, minBytes: -5, maxWaitMs: 8000 }),
    ),
  ]),
  scenario(
    'fetch: the topic goes while somebody waits',
    topics,
    get([['orders', [0, 0n]]], waits(12, { minBytes: 1 })),
    remove(4, 'orders'),
    settle('long'),
  ),
  scenario(
    'fetch: somebody waits and goes',
    topics,
    get([['orders', [0, 0n]]], waits(12, { minBytes: 1 })),
    hangUp('reader'),
    put([['orders', [0, abc]]]),
    get([['orders', [0, 0n]]], {}),
  ),
]

const named: Scenario[] = [
  ...[4, 11, 12].map((version) =>
    scenario(
      `fetch v${version}: topics that are not there`,
      ...filled,
      get([['nope', [0, 0n]]], { version }),
      get(
        [
          ['nope', [0, 0n]],
          ['orders', [0, 9n], [7, 0n], [1, 2n]],
        ],
        { version },
      ),
      get([['', [0, 0n]]], { version }),
      get([['sp ace', [0, 0n]]], { version }),
      get([['orders']], { version }),
      get([], { version }),
    ),
  ),
  ...[13, 17].map((version) =>
    scenario(
      `fetch v${version}: ids that are not there`,
      ...filled,
      get([[unknownId, [0, 0n]]], { version }),
      get(
        [
          [unknownId, [0, 0n]],
          ['orders', [0, 9n], [7, 0n], [1, 2n]],
        ],
        { version },
      ),
      get([[noId, [0, 0n]]], { version }),
      get([[unknownId, [0, 0n], [1, 0n]]], { version, minBytes: 1, maxWaitMs: 200 }),
      get([['orders']], { version }),
    ),
  ),
  ...[4, 12, 17].map((version) =>
    scenario(
      `fetch v${version}: a partition twice, a topic twice`,
      ...filled,
      get([['orders', [0, 7n], [0, 0n]]], { version }),
      get(
        [
          ['orders', [0, 9n]],
          ['orders', [1, 2n]],
        ],
        { version },
      ),
      get(
        [
          ['orders', [0, 9n]],
          ['empty', [0, 0n]],
          ['orders', [1, 2n]],
        ],
        { version },
      ),
    ),
  ),
]

export const fetchScenarios: readonly Scenario[] = [...read, ...limited, ...waited, ...named, ...readerScenarios]
