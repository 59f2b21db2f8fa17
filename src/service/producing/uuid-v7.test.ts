import { expect, test } from 'vitest'
import { uuidV7 } from './uuid-v7.ts'

test('is the example of RFC 9562 (A.6)', () => {
  const random = Buffer.from('7cc398c4dc0c0c07398f', 'hex')
  expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})
