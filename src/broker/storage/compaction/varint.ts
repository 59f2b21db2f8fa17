// Zigzag varints, for numbers up to 2^52.

const zigzag = (n: number): number => (n >= 0 ? n * 2 : n * -2 - 1)

export function varintSize(n: number): number {
  let size = 1
  for (let rest = zigzag(n); rest > 0x7f; rest = Math.floor(rest / 128)) size++
  return size
}

/** Answers the place behind it. */
export function writeVarint(bytes: Buffer, at: number, n: number): number {
  let next = at
  let rest = zigzag(n)
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes[next++] = (rest % 128) | 0x80
  bytes[next++] = rest
  return next
}
