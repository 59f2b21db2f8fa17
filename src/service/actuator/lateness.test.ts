import { expect, test } from 'vitest'
import { newLateness } from './lateness.ts'

test('the first delay beyond the bound is told at once, those after it when a minute is over, the longest of them', () => {
  const seen = newLateness({ lateMs: 1000, everyMs: 60_000 })
  expect(seen(1000, 0)).toBeUndefined()
  expect(seen(1001, 5000)).toEqual({ ms: 1001, times: 1 })
  expect(seen(9000, 10_000)).toBeUndefined()
  expect(seen(20, 15_000)).toBeUndefined()
  expect(seen(3000, 64_999)).toBeUndefined()
  expect(seen(20, 65_000)).toEqual({ ms: 9000, times: 2 })
  expect(seen(20, 130_000)).toBeUndefined()
  expect(seen(1500, 135_000)).toEqual({ ms: 1500, times: 1 })
})
