// What a client asks first: ApiVersions, InitProducerId, FindCoordinator.
import { apiVersions } from '../../../src/protocol/messages/api-versions.ts'
import { findCoordinator } from '../../../src/protocol/messages/find-coordinator.ts'
import { initProducerId } from '../../../src/protocol/messages/init-producer-id.ts'
import { type Scenario, type Step, scenario, send } from '../scenario.ts'

const named = (version: number, clientSoftwareName: string, clientSoftwareVersion: string): Step =>
  send(apiVersions, version, { clientSoftwareName, clientSoftwareVersion })

const versions: Scenario[] = [
  ...[0, 1, 2, 3, 4].map((version) => scenario(`api versions v${version}`, named(version, 'evplat', '1.0'))),
  scenario('api versions: versions that nobody knows', named(5, 'evplat', '1.0'), named(99, 'evplat', '1.0')),
  scenario('api versions: names of software that can not be', ...badNames(3), ...badNames(4)),
  scenario('api versions: names that are of no interest yet', ...badNames(2)),
]

function badNames(version: number): Step[] {
  const names = ['', ' ', 'two words', '-x', 'x-', 'x_y', 'x/y', 'é', 'x.', '.x']
  return [
    ...names.map((name) => named(version, name, '1.0')),
    ...names.map((name) => named(version, 'evplat', name)),
    named(version, 'a', 'b'),
    named(version, 'apache-kafka-java', '3.9.0-rc.1'),
  ]
}

const init = (
  version: number,
  more: { id?: bigint; epoch?: number; timeoutMs?: number; transactionalId?: string } = {},
): Step =>
  send(initProducerId, version, {
    transactionalId: more.transactionalId ?? null,
    transactionTimeoutMs: more.timeoutMs ?? 60_000,
    ...(more.id !== undefined && { producerId: more.id }),
    ...(more.epoch !== undefined && { producerEpoch: more.epoch }),
  })

/** Kafka's first answer may be that it has no ids yet: it is not looked at */
const warmIds: Step[] = Array.from({ length: 4 }, () => ({ ...init(0), on: 'warm', parked: true }))

const producers: Scenario[] = [
  ...[0, 2, 3, 4].map((version) => scenario(`producer ids v${version}`, ...warmIds, init(version), init(version))),
  scenario(
    'producer ids: a time of no meaning',
    init(4, { timeoutMs: 0 }),
    init(4, { timeoutMs: -5 }),
    init(4, { timeoutMs: 2 ** 31 - 1 }),
  ),
  scenario(
    'producer ids: an id that somebody has already',
    init(4, { id: 7n, epoch: 3 }),
    init(4, { id: 7n, epoch: -1 }),
    init(4, { id: -1n, epoch: 3 }),
    init(4, { id: -7n, epoch: -7 }),
  ),
  scenario(
    'producer ids: an empty transactional id',
    init(0, { transactionalId: '' }),
    init(4, { transactionalId: '' }),
  ),
]

const coordinator = (version: number, keys: readonly string[], keyType?: number): Step =>
  send(findCoordinator, version, {
    ...(version < 4 ? { key: keys[0] ?? '' } : { coordinatorKeys: keys }),
    ...(keyType !== undefined && { keyType }),
  })
/** Kafka makes its topic of offsets when it is first asked for a group: what it answers until then is not looked at */
const warm: Step[] = Array.from({ length: 6 }, () => ({ ...coordinator(0, ['warm']), on: 'warm', parked: true }))

const coordinators: Scenario[] = [
  ...[0, 1, 2, 3, 4, 5].map((version) =>
    scenario(
      `coordinators v${version}: of groups`,
      ...warm,
      coordinator(version, ['one']),
      coordinator(version, ['']),
      coordinator(version, ['sp ace é']),
    ),
  ),
  ...[4, 5].map((version) =>
    scenario(
      `coordinators v${version}: of several groups at once`,
      ...warm,
      coordinator(version, ['one', 'two', 'three']),
      coordinator(version, ['one', 'one']),
      coordinator(version, []),
    ),
  ),
  ...[1, 3, 4, 5].map((version) =>
    scenario(
      `coordinators v${version}: of kinds that nobody knows`,
      ...warm,
      coordinator(version, ['one'], 2),
      coordinator(version, ['one'], 9),
      coordinator(version, ['one'], -1),
    ),
  ),
]

export const versionScenarios: readonly Scenario[] = [...versions, ...producers, ...coordinators]
