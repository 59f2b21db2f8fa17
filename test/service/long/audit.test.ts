// The audit itself: it has to see what it is there for.
import { expect, test } from 'vitest'
import { auditOf } from './audit.ts'

const handlings = (text: string): Parameters<typeof auditOf>[0] =>
  text.split(' ').map((each, at) => ({ n: Number(each.slice(1)), key: each[0] ?? '', at: BigInt(at) }))

test('everything once and in order has nothing to say', () => {
  expect(auditOf(handlings('a0 b1 a2'), [0, 1, 2])).toEqual({ handled: 3, lost: [], duplicates: 0, outOfOrder: [] })
})

test('what is lost, what comes twice, and what comes late are told apart', () => {
  expect(auditOf(handlings('a2 a0 b1 b1 b4'), [0, 1, 2, 3, 4])).toEqual({
    handled: 4,
    lost: [3],
    duplicates: 1,
    outOfOrder: [0],
  })
})

test('an event that is handled again after later ones is a duplicate, not out of order', () => {
  expect(auditOf(handlings('a0 a1 a0 a1'), [0, 1])).toMatchObject({ duplicates: 2, outOfOrder: [] })
})
