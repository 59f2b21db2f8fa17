// What a run has found and counted.

/** Takes problems as they come, each told at once. */
export interface Report {
  readonly problems: string[]
  readonly say: (message: string) => void
  readonly problem: (where: string, problems: readonly string[]) => void
}

export function newReport(say: (message: string) => void): Report {
  const problems: string[] = []
  return {
    problems,
    say,
    problem: (where, found) => {
      for (const problem of found) {
        problems.push(`${where}: ${problem}`)
        say(`PROBLEM ${where}: ${problem}`)
      }
    },
  }
}

export interface Spread {
  readonly times: number
  readonly least: number
  readonly median: number
  readonly most: number
}

/** Of durations in milliseconds, in seconds. */
export function spreadOf(durations: readonly number[]): Spread {
  const sorted = durations.toSorted((a, b) => a - b)
  const at = (i: number): number => Math.round((sorted[i] ?? 0) / 100) / 10
  return { times: sorted.length, least: at(0), median: at(Math.floor(sorted.length / 2)), most: at(sorted.length - 1) }
}
