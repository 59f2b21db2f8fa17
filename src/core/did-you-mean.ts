/** Edit distance in which a swap of neighbours counts once (optimal string alignment), cut off above `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let older: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, older[j - 2]! + 1)
      row.push(best)
    }
    older = last
    last = row
  }
  return last[b.length]!
}

/** The candidate nearest to what was typed, when it is near enough to be meant; else undefined. */
export function nearest(typed: string, candidates: Iterable<string>): string | undefined {
  // of a single character anything would be near
  const limit = typed.length < 2 ? 0 : Math.max(1, Math.floor(typed.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    const d = distance(typed.toLowerCase(), candidate.toLowerCase(), limit)
    if (d < bestDistance) [best, bestDistance] = [candidate, d]
  }
  return best
}

/** ` (did you mean "x"?)` or nothing, to append to a message. */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
  const guess = nearest(typed, candidates)
  return guess === undefined ? '' : `did you mean "${guess}"?`
}
