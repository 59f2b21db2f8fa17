// Randomness for ids: asked of the system for many at once, since each question costs more than an id.
import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(8192)
let at = pool.length

/** That many random bytes (up to 8,192), which nobody else gets. They hold until the next call. */
export function randomPart(length: number): Buffer {
  if (at + length > pool.length) {
    randomFillSync(pool)
    at = 0
  }
  at += length
  return pool.subarray(at - length, at)
}
