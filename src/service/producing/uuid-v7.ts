import { randomPart } from '../../core/random-pool.ts'

/** A UUID of version 7 (RFC 9562, 5.7): the time in milliseconds since 1970, then randomness. */
export function uuidV7(now: number = Date.now(), random: Buffer = randomPart(10)): string {
  const time = now.toString(16).padStart(12, '0')
  const hex = random.toString('hex')
  const version = `7${hex.slice(1, 4)}`
  const variant = ((random[2]! & 0x3f) | 0x80).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}${hex.slice(6, 8)}-${hex.slice(8)}`
}
