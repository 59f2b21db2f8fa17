// What a fetch tells of its reader: its session, its epochs, its isolation; and records of every codec.
import { fetch } from '../../../src/protocol/messages/fetch.ts'
import { batchOf } from '../../support/log-fixture.ts'
import { get, put, valued } from '../data-requests.ts'
import { type Scenario, type Step, scenario, send } from '../scenario.ts'
import { filled, topics } from './fetched-topics.ts'

const first = [['orders', [0, 9n]]] as const
const inSession = (sessionId: number, sessionEpoch: number, version = 12): Step =>
  get(first, { version, sessionId, sessionEpoch })

const sessions: Scenario[] = [
  ...[7, 12, 17].map((version) =>
    scenario(
      `fetch v${version}: sessions that are not there`,
      ...filled,
      inSession(0, -1, version),
      inSession(12_345, 1, version),
      inSession(12_345, 0, version),
      inSession(12_345, -1, version),
      inSession(0, 1, version),
      inSession(12_345, -7, version),
      inSession(-1, 3, version),
    ),
  ),
  scenario('fetch: a session is wanted', ...filled, inSession(0, 0), inSession(0, 0, 17)),
  scenario(
    'fetch: forgotten topics without a session',
    ...filled,
    send(fetch, 12, {
      maxWaitMs: 0,
      minBytes: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topic: 'orders', partitions: [{ partition: 1, fetchOffset: 0n, partitionMaxBytes: 1000 }] }],
      forgottenTopicsData: [{ topic: 'orders', partitions: [1] }],
    }),
  ),
]

const epochs: Scenario[] = [
  ...[9, 12, 17].map((version) =>
    scenario(
      `fetch v${version}: the leader's epoch`,
      ...filled,
      ...[-1, 0, 1, 7, -2].map((currentLeaderEpoch) => get([['orders', [0, 9n, { currentLeaderEpoch }]]], { version })),
      get([['orders', [9, 9n, { currentLeaderEpoch: 7 }]]], { version }),
    ),
  ),
  ...[12, 17].map((version) =>
    scenario(
      `fetch v${version}: the epoch of what was read last`,
      ...filled,
      ...[-1, 0, 1, 7, -2].map((lastFetchedEpoch) => get([['orders', [0, 9n, { lastFetchedEpoch }]]], { version })),
      get([['orders', [0, 99n, { lastFetchedEpoch: 0 }]]], { version }),
      get([['empty', [0, 0n, { lastFetchedEpoch: 0 }]]], { version }),
    ),
  ),
]

const readers: Scenario[] = [
  ...[4, 11, 12, 17].map((version) =>
    scenario(
      `fetch v${version}: what is committed alone`,
      ...filled,
      ...[0, 1].map((isolationLevel) => get([['orders', [0, 0n], [1, 4n]]], { version, isolationLevel })),
      get([['orders', [9, 0n], [0, 99n]]], { version, isolationLevel: 1 }),
    ),
  ),
  scenario(
    'fetch: a rack, a cluster',
    ...filled,
    get(first, { version: 11, rackId: 'r1' }),
    get(first, { version: 12, clusterId: 'other' }),
  ),
  scenario(
    "fetch: a start of the log that is the client's own",
    ...filled,
    get([['orders', [0, 9n, { logStartOffset: 5n }]]]),
  ),
  scenario('fetch: nobody of the cluster', ...filled, get(first, { replicaId: -2 }), get(first, { replicaId: -1 })),
  ...[1, 2, 3, 4].map((codec) =>
    scenario(
      `fetch: records of codec ${codec}`,
      topics,
      put([['orders', [0, batchOf(valued(['a', 'b', 'c']), codec)]]]),
      get([['orders', [0, 1n]]]),
      get([['orders', [0, 0n, { partitionMaxBytes: 1 }]]]),
    ),
  ),
]

export const readerScenarios: readonly Scenario[] = [...sessions, ...epochs, ...readers]
