// Metadata: which topics there are and where, by name and by id, and topics that come to be by being asked for.
import { metadata } from '../../../src/protocol/messages/metadata.ts'
import { create, grow, remove, topic } from '../requests.ts'
import { type Scenario, type Seen, type Step, scenario, send } from '../scenario.ts'

const allVersions = Array.from({ length: 13 }, (_, version) => version)
const two = create(7, [topic('one', { partitions: 3 }), topic('two')], { as: 'created' })
const unknownId = 'AAAAAAAAAAAAAAAAAAAAAQ'
const noId = 'AAAAAAAAAAAAAAAAAAAAAA'

interface Wish {
  readonly create?: boolean
  readonly operations?: boolean
}

/** Metadata of these names; null asks for everything */
function ask(
  version: number,
  names: readonly string[] | null,
  { create: mayCreate = false, operations }: Wish = {},
): Step {
  return send(metadata, version, {
    topics: names?.map((name) => ({ name })) ?? null,
    ...(version >= 4 && { allowAutoTopicCreation: mayCreate }),
    ...(operations === true && version >= 8 && { includeTopicAuthorizedOperations: true }),
    ...(operations === true && version >= 8 && version <= 10 && { includeClusterAuthorizedOperations: true }),
  })
}

type ById = readonly { readonly name: string | null; readonly topicId: string }[]
const byId = (version: number, topics: (seen: Seen) => ById): Step =>
  send(metadata, version, (seen) => ({ topics: topics(seen), allowAutoTopicCreation: false }))

const idOf = (seen: Seen, name: string): string =>
  seen<{ name: string; topicId: string }[]>('created', 'topics').find((each) => each.name === name)!.topicId

const told: Scenario[] = allVersions.map((version) =>
  scenario(
    `metadata v${version}: all, none, some`,
    two,
    ...(version > 0 ? [ask(version, null)] : []),
    ask(version, []),
    ask(version, ['two', 'one']),
    ask(version, ['one', 'one', 'two', 'one']),
  ),
)

const unknown: Scenario[] = [4, 8, 9, 10, 12].map((version) =>
  scenario(
    `metadata v${version}: what is not there and may not be made`,
    two,
    ask(version, ['nope', 'one']),
    ask(version, ['nope', 'nope']),
    ask(version, ['']),
    ask(version, ['sp ace', '.', '..', 'é', 'a/b', 'x'.repeat(250), 'x'.repeat(249)]),
    ask(version, null),
  ),
)

/** Kafka answers that it is on its way, and tells it at the next request */
const made: Scenario[] = [0, 3, 4, 8, 12].map((version) =>
  scenario(
    `metadata v${version}: what is not there and is made`,
    ask(version, ['fresh'], { create: true }),
    ask(version, ['fresh'], { create: true }),
    ask(version, ['sp ace'], { create: true }),
    ask(version, [''], { create: true }),
    ask(version, ['x'.repeat(250)], { create: true }),
    ask(version, ['.', '..'], { create: true }),
  ),
)

const ids: Scenario[] = [
  ...[10, 11].map((version) =>
    scenario(
      `metadata v${version}: ids come too early`,
      two,
      byId(version, (seen) => [{ name: 'one', topicId: idOf(seen, 'one') }]),
      byId(version, (seen) => [{ name: null, topicId: idOf(seen, 'one') }]),
      byId(version, () => [{ name: null, topicId: noId }]),
      byId(version, () => [{ name: 'one', topicId: unknownId }]),
    ),
  ),
  scenario(
    'metadata v12: by id',
    two,
    byId(12, (seen) => [{ name: null, topicId: idOf(seen, 'one') }]),
    byId(12, (seen) => ['two', 'one'].map((name) => ({ name: null, topicId: idOf(seen, name) }))),
    byId(12, () => [{ name: null, topicId: unknownId }]),
    byId(12, (seen) => [
      { name: null, topicId: idOf(seen, 'one') },
      { name: null, topicId: unknownId },
    ]),
  ),
  scenario(
    'metadata v12: the same id twice',
    two,
    byId(12, (seen) => [1, 2].map(() => ({ name: null, topicId: idOf(seen, 'one') }))),
  ),
  scenario(
    'metadata v12: ids and names',
    two,
    byId(12, (seen) => [{ name: 'one', topicId: idOf(seen, 'one') }]),
    byId(12, (seen) => [{ name: 'one', topicId: idOf(seen, 'two') }]),
    byId(12, (seen) => [
      { name: 'one', topicId: noId },
      { name: null, topicId: idOf(seen, 'two') },
    ]),
  ),
  scenario(
    'metadata v12: neither id nor name',
    two,
    byId(12, () => [{ name: null, topicId: noId }]),
  ),
]

const changes: Scenario[] = [
  ...[8, 9, 10, 11, 12].map((version) =>
    scenario(
      `metadata v${version}: what a client may do`,
      two,
      ask(version, ['one', 'nope'], { operations: true }),
      ask(version, [], { operations: true }),
      ask(version, null, { operations: true }),
    ),
  ),
  scenario(
    'metadata after changes',
    two,
    grow(3, [['two', 4]]),
    ask(7, ['two']),
    remove(4, 'one'),
    ask(7, ['one', 'two']),
    create(7, [topic('one', { partitions: 1 })]),
    ask(12, null),
  ),
  scenario('metadata of no topics at all', ask(0, []), ask(1, null), ask(12, null), ask(12, [])),
]

export const metadataScenarios: readonly Scenario[] = [...told, ...unknown, ...made, ...ids, ...changes]
