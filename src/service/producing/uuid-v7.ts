import { randomUUID } from 'node:crypto'

let [last, prefix] = [Number.NaN, '']

/** A UUID of version 7 (RFC 9562, 5.7): the time in milliseconds since 1970, then what is random in one of version 4. */
export function uuidV7(now: number = Date.now(), random: string = randomUUID()): string {
  if (now !== last) [last, prefix] = [now, prefixOf(now)]
  return prefix + random.slice(15)
}

function prefixOf(time: number): string {
  const hex = time.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7`
}
