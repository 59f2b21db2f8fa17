import { expect, test } from 'vitest'
import { randomPart } from './random-pool.ts'

test('no part is given out twice, also when the pool is filled again', () => {
  const parts = Array.from({ length: 5000 }, () => randomPart(16).toString('hex'))
  expect(new Set(parts).size).toBe(5000)
})
