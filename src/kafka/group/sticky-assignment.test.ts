import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Assignment, type Member, shareOut } from './sticky-assignment.ts'

const topicNames = ['a', 'b', 'c']
const world = fc.record({
  counts: fc.tuple(...topicNames.map(() => fc.nat(12))),
  subscriptions: fc.array(fc.uniqueArray(fc.constantFrom(...topicNames), { minLength: 1 }), {
    minLength: 1,
    maxLength: 6,
  }),
})

const fresh = (id: string, topics: readonly string[]): Member => ({
  id,
  subscription: { topics, owned: new Map(), generation: -1 },
})

/** The members as they come to the next round, with what they were given. */
const next = (members: readonly Member[], given: Assignment, generation: number): Member[] =>
  members.map(({ id, subscription }) => ({
    id,
    subscription: { topics: subscription.topics, owned: given.get(id) ?? new Map(), generation },
  }))

const slotsOf = (given: Assignment): string[] =>
  [...given.values()].flatMap((topics) => [...topics].flatMap(([topic, all]) => all.map((p) => `${topic}-${p}`)))
const sizes = (given: Assignment): number[] =>
  [...given.values()].map((topics) => [...topics.values()].reduce((sum, all) => sum + all.length, 0))

/** Rounds until nothing moves any more, as members make them: what was given up is shared out in the next one. */
function settle(start: readonly Member[], counts: ReadonlyMap<string, number>): { given: Assignment; rounds: number } {
  let members = start
  for (let rounds = 1; ; rounds++) {
    const given = shareOut(members, counts)
    const isSame = members.every(({ id, subscription }) => {
      const before = [...subscription.owned].filter(([, all]) => all.length > 0)
      return JSON.stringify(before) === JSON.stringify([...given.get(id)!])
    })
    if (isSame) return { given, rounds }
    members = next(members, given, rounds)
  }
}

test('every partition that somebody reads is read by one member, who has subscribed to it', () => {
  fc.assert(
    fc.property(world, ({ counts, subscriptions }) => {
      const byTopic = new Map(topicNames.map((topic, i) => [topic, counts[i]!]))
      const members = subscriptions.map((topics, i) => fresh(`m${i}`, topics))
      const given = shareOut(members, byTopic)
      const wanted = topicNames
        .filter((topic) => subscriptions.some((topics) => topics.includes(topic)))
        .flatMap((topic) => Array.from({ length: byTopic.get(topic)! }, (_, p) => `${topic}-${p}`))
      expect(slotsOf(given).toSorted()).toEqual(wanted.toSorted())
      for (const { id, subscription } of members)
        expect([...given.get(id)!.keys()].every((topic) => subscription.topics.includes(topic))).toBe(true)
    }),
  )
})

test('members of one subscription differ by one partition at most, whatever they had', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), (count, before, after) => {
      const counts = new Map([['a', count]])
      const old = Array.from({ length: before }, (_, i) => fresh(`m${i}`, ['a']))
      const had = settle(old, counts).given
      const members = Array.from({ length: after }, (_, i) => ({
        id: `m${i}`,
        subscription: { topics: ['a'], owned: had.get(`m${i}`) ?? new Map<string, number[]>(), generation: 1 },
      }))
      const { given, rounds } = settle(members, counts)
      expect(Math.max(...sizes(given)) - Math.min(...sizes(given))).toBeLessThanOrEqual(1)
      // one round in which some give up, one in which others get it, one that finds nothing to do
      expect(rounds).toBeLessThanOrEqual(3)
    }),
  )
})

test('no partition is given to another member before its owner has let go of it', () => {
  fc.assert(
    fc.property(world, fc.nat(), ({ counts, subscriptions }, seed) => {
      const byTopic = new Map(topicNames.map((topic, i) => [topic, counts[i]!]))
      const members = subscriptions.map((topics, i) => fresh(`m${i}`, topics))
      const had = next(members.slice(0, (seed % members.length) + 1), shareOut(members, byTopic), 1)
      const owners = new Map(
        had.flatMap(({ id, subscription }) =>
          slotsOf(new Map([[id, new Map(subscription.owned as Map<string, number[]>)]])).map(
            (slot) => [slot, id] as const,
          ),
        ),
      )
      const given = shareOut([...had, ...members.slice(had.length)], byTopic)
      for (const [id, topics] of given)
        for (const slot of slotsOf(new Map([[id, topics]]))) expect(owners.get(slot) ?? id).toBe(id)
    }),
  )
})

test('one that joins takes only what makes it even; one that leaves moves only its own', () => {
  const counts = new Map([['a', 12]])
  const two = settle([fresh('m0', ['a']), fresh('m1', ['a'])], counts).given
  const three = settle([...next([fresh('m0', ['a']), fresh('m1', ['a'])], two, 1), fresh('m2', ['a'])], counts).given
  expect(sizes(three)).toEqual([4, 4, 4])
  for (const id of ['m0', 'm1']) expect(two.get(id)!.get('a')).toEqual(expect.arrayContaining(three.get(id)!.get('a')!))
  const left = settle(next([fresh('m0', ['a']), fresh('m2', ['a'])], three, 2), counts).given
  for (const id of ['m0', 'm2'])
    expect(left.get(id)!.get('a')).toEqual(expect.arrayContaining(three.get(id)!.get('a')!))
})

test('where two claim a partition, the one that was given it last has it', () => {
  const claim = (id: string, generation: number): Member => ({
    id,
    subscription: { topics: ['a'], owned: new Map([['a', [0]]]), generation },
  })
  expect(shareOut([claim('old', 3), claim('new', 4)], new Map([['a', 1]]))).toEqual(
    new Map([
      ['new', new Map([['a', [0]]])],
      ['old', new Map()],
    ]),
  )
})
