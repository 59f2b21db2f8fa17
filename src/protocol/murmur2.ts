// The hash by which Java's default partitioner places keys, so that keys land in the same partitions as those of other producers.

const m = 0x5bd1e995

/** 32-bit murmur2 with Kafka's seed, as a signed number. */
export function murmur2(key: Uint8Array): number {
  const length = key.length
  let h = 0x9747b28c ^ length
  let at = 0
  for (; at + 4 <= length; at += 4) {
    let k = key[at]! | (key[at + 1]! << 8) | (key[at + 2]! << 16) | (key[at + 3]! << 24)
    k = Math.imul(k, m)
    k ^= k >>> 24
    h = Math.imul(h, m) ^ Math.imul(k, m)
  }
  const rest = length - at
  if (rest >= 3) h ^= key[at + 2]! << 16
  if (rest >= 2) h ^= key[at + 1]! << 8
  if (rest >= 1) h = Math.imul(h ^ key[at]!, m)
  h ^= h >>> 13
  h = Math.imul(h, m)
  return h ^ (h >>> 15)
}

/** The partition of a key among `count`. */
export function partitionOfKey(key: Uint8Array, count: number): number {
  return (murmur2(key) & 0x7fffffff) % count
}
