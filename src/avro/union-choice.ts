// Which branch of a union a plain JSON value means (docs/formats.md). Reading and writing ask the same question, so that a value is
// written bare exactly where its branch is found again.
import { type Json, type JsonObject, isJsonObject } from '../core/json.ts'
import { type JsonKind, branchFits, branchLabels, kindOf, kindsOf, onlyKey, rankOf } from './branch-fit.ts'
import type { UnionSchema } from './schema.ts'

export const noBranch = -1
export const severalBranches = -2

export interface UnionChoice {
  /** the index of the branch that the only key of an object names, or `noBranch` where the value is bare */
  readonly named: (json: Json) => number
  /** the index of the branch that a bare value means, or `noBranch`, or `severalBranches` */
  readonly bare: (json: Json) => number
  /** whether each value of a branch, written bare, is one that only this branch can be meant by */
  readonly isAlwaysBare: (at: number) => boolean
}

export function createChoice(union: UnionSchema): UnionChoice {
  const { branches } = union
  const fits = branches.map(branchFits)
  const labels = branchLabels(union)
  const byKind = indexesByKind(union)
  const objects = byKind.get('object') ?? []

  const named = (json: Json): number => {
    const key = isJsonObject(json) ? onlyKey(json) : undefined
    const at = key === undefined ? undefined : labels.get(key)
    if (at === undefined) return noBranch
    const isMeant = fits[at]!((json as JsonObject)[key!]!) || !objects.some((each) => fits[each]!(json))
    return isMeant ? at : noBranch
  }

  const bare = (json: Json): number => {
    const kind = kindOf(json)
    const candidates = byKind.get(kind) ?? []
    // one that alone takes this kind of JSON is meant even if the value does not fit: its error says why
    if (candidates.length < 2) return candidates[0] ?? noBranch
    let best = noBranch
    let bestRank = Infinity
    for (const at of candidates) {
      const rank = rankOf(branches[at]!, kind)
      if (rank > bestRank || !fits[at]!(json)) continue
      best = rank === bestRank ? severalBranches : at
      bestRank = rank
    }
    return best
  }

  const isAlwaysBare = (at: number): boolean => {
    const branch = branches[at]!
    if (branch.type === 'map') return false
    const fields = 'fields' in branch ? branch.fields : []
    if (fields.length === 1 && labels.has(fields[0]!.name)) return false
    return kindsOf(branch).every((kind) => byKind.get(kind)!.length === 1)
  }

  return { named, bare, isAlwaysBare }
}

function indexesByKind(union: UnionSchema): ReadonlyMap<JsonKind, readonly number[]> {
  const byKind = new Map<JsonKind, number[]>()
  for (const [at, branch] of union.branches.entries())
    for (const kind of kindsOf(branch)) byKind.set(kind, [...(byKind.get(kind) ?? []), at])
  return byKind
}
