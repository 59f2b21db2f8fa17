// DeleteTopics.
import { deleteTopics } from '../../../src/protocol/messages/delete-topics.ts'
import { create, listTopics, remove, topic } from '../requests.ts'
import { type Scenario, scenario, send } from '../scenario.ts'

const timeoutMs = 5000
const unknownId = 'AAAAAAAAAAAAAAAAAAAAAQ'

export const deleted: Scenario[] = [0, 1, 3, 5, 6].map((version) =>
  scenario(
    `delete v${version}: by name`,
    create(7, [topic('one'), topic('two', { partitions: 3 }), topic('kept')]),
    remove(version, 'one', 'nope', 'two', ''),
    listTopics(),
    remove(version, 'one'),
  ),
)

export const deletedOnce: Scenario[] = [
  scenario('delete: nothing', remove(6)),
  scenario('delete: a name twice', create(7, [topic('one')]), remove(5, 'one', 'one', 'nope', 'nope'), listTopics()),
  scenario(
    'delete: by id',
    create(7, [topic('one')], { as: 'created' }),
    send(deleteTopics, 6, (seen) => ({
      topics: [
        { name: null, topicId: seen('created', 'topics.0.topicId') },
        { name: null, topicId: unknownId },
      ],
      timeoutMs,
    })),
    listTopics(),
  ),
  scenario(
    'delete: by name and id at once',
    create(7, [topic('one')], { as: 'created' }),
    send(deleteTopics, 6, (seen) => ({
      topics: [{ name: 'one', topicId: seen('created', 'topics.0.topicId') }, { name: null }],
      timeoutMs,
    })),
    listTopics(),
  ),
  scenario(
    'delete: by name and by id',
    create(7, [topic('one')], { as: 'created' }),
    send(deleteTopics, 6, (seen) => ({
      topics: [{ name: 'one' }, { name: null, topicId: seen('created', 'topics.0.topicId') }],
      timeoutMs,
    })),
    listTopics(),
  ),
  scenario(
    'delete: an id twice',
    create(7, [topic('one')], { as: 'created' }),
    send(deleteTopics, 6, (seen) => {
      const topicId = seen('created', 'topics.0.topicId')
      return {
        topics: [
          { name: null, topicId },
          { name: null, topicId },
        ],
        timeoutMs,
      }
    }),
    listTopics(),
  ),
  scenario(
    'delete: created anew, another topic',
    create(7, [topic('one', { partitions: 2 })], { as: 'first' }),
    remove(6, 'one'),
    create(7, [topic('one')]),
    send(deleteTopics, 6, (seen) => ({
      topics: [{ name: null, topicId: seen('first', 'topics.0.topicId') }],
      timeoutMs,
    })),
    listTopics(),
  ),
]
