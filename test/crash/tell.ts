// A run in one line.
import type { CrashResult } from './crash-run.ts'

export function tell({ problems, counts }: CrashResult, seed: number): string {
  const told = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => `${what} ${count}`)
  return `crash: ${problems.length} problems with seed ${seed}: ${told.join(', ')}`
}
