// A tree against the shape. What is wrong is told and cut out, so that the rest can be looked at as well.
import type * as z from 'zod/mini'
import type { Located } from './located.ts'
import type { Report } from '../yaml/report.ts'
import { type PlatformInput, apiVersion, platformShape } from './shape.ts'
import { problemsOf } from './shape-problems.ts'
import { type Plain, toPlain } from '../yaml/tree.ts'

/** what stands for a missing key of the root while the rest is looked at */
const standIns: Readonly<Record<string, string>> = { apiVersion, name: 'platform' }

/** cutting goes up one level each time, and nothing is deeper than this */
const maxRounds = 8

/** The values of the file that fit the shape; every one that does not is reported. Undefined when nothing is left. */
export function validate(file: Located, report: Report): PlatformInput | undefined {
  const data = toPlain(file.root)
  for (let round = 0; round < maxRounds; round++) {
    const result = platformShape.safeParse(data)
    if (result.success) return result.data
    for (const issue of result.error.issues) {
      if (round === 0) for (const problem of problemsOf(issue, file)) report.error(problem)
      cutOut(data, issue)
    }
  }
  return undefined
}

type Branch = { [key: string]: Plain } | Plain[]

/** Takes the smallest thing that an issue spoils out of the data. */
function cutOut(data: Plain, issue: z.core.$ZodIssue): void {
  const path = issue.path.map(String)
  const trail: Branch[] = []
  let at: Plain | undefined = data
  for (const step of path) {
    // another issue has cut it out already
    if (typeof at !== 'object' || at === null) return
    trail.push(at as Branch)
    at = (at as { [key: string]: Plain })[step]
  }
  if (issue.code === 'unrecognized_keys' && typeof at === 'object' && at !== null) {
    for (const key of issue.keys) delete (at as { [key: string]: Plain })[key]
    return
  }
  // up past what is missing, and past lists: their entries keep their numbers
  let depth = trail.length - 1
  while (depth > 0 && (Array.isArray(trail[depth]) || !(path[depth]! in trail[depth]!))) depth--
  const holder = trail[depth] as { [key: string]: Plain } | undefined
  const key = path[depth]
  if (!holder || key === undefined) return
  delete holder[key]
  const standIn = depth === 0 ? standIns[key] : undefined
  if (standIn !== undefined) holder[key] = standIn
}
