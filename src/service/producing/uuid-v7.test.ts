import { expect, test } from 'vitest'
import { uuidV7 } from './uuid-v7.ts'

test('is the example of RFC 9562 (A.6)', () => {
  const random = '00000000-0000-4cc3-98c4-dc0c0c07398f'
  expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test('are different in the same millisecond, and of the version and variant of the RFC', () => {
  const ids = Array.from({ length: 100 }, () => uuidV7(5))
  expect(new Set(ids).size).toBe(100)
  for (const id of ids) expect(id).toMatch(/^00000000-0005-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
