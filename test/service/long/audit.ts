// What became of every event that a broker had acknowledged.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Handling {
  readonly n: number
  readonly key: string
  /** of a clock that all processes of this machine share */
  readonly at: bigint
}

export interface Audit {
  readonly handled: number
  readonly lost: readonly number[]
  /** handled again, beside the first time */
  readonly duplicates: number
  /** events whose first handling came after that of a later event of their key */
  readonly outOfOrder: readonly number[]
}

/** What all instances have written down, in the order of time. */
export function readJournals(folder: string): Handling[] {
  return readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => {
      const [n = '', key = '', at = ''] = line.split(' ')
      return { n: Number(n), key, at: BigInt(at) }
    })
    .toSorted((a, b) => Number(a.at - b.at))
}

/** `expected`: the events that have to be handled. */
export function auditOf(handlings: readonly Handling[], expected: readonly number[]): Audit {
  const seen = new Set<number>()
  const latest = new Map<string, number>()
  const outOfOrder: number[] = []
  for (const { n, key } of handlings) {
    if (seen.has(n)) continue
    seen.add(n)
    const before = latest.get(key) ?? -1
    if (before > n) outOfOrder.push(n)
    else latest.set(key, n)
  }
  return {
    handled: seen.size,
    lost: expected.filter((n) => !seen.has(n)),
    duplicates: handlings.length - seen.size,
    outOfOrder,
  }
}
