// Chance that can be repeated: everything that a run does follows from its seed.

export interface Random {
  /** a whole number from 0 up to, not including, `end` */
  below(end: number): number
  /** true in one of `n` cases */
  oneIn(n: number): boolean
  pick<T>(items: readonly T[]): T
  bytes(length: number): Buffer
}

/** mulberry32 */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    below,
    oneIn: (n) => below(n) === 0,
    pick: <T>(items: readonly T[]) => items[below(items.length)]!,
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  }
}
