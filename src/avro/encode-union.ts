// Encoders of unions, one for each form of JSON: which branch a value means, and the value without the name around it.
import { type Json, type JsonObject, isJsonObject } from '../core/json.ts'
import type { BinaryOut } from './binary-out.ts'
import { branchName, onlyKey } from './branch-fit.ts'
import { defaultBranch } from './default-value.ts'
import { type Encode, encodeAt } from './encode-parts.ts'
import type { UnionSchema } from './schema.ts'
import { createChoice, noBranch, severalBranches } from './union-choice.ts'
import { Misfit, describeValue } from './value-error.ts'

/** The plain form: bare, or under the name of its branch. */
export function plainUnionEncoder(schema: UnionSchema, branches: readonly Encode[]): Encode {
  const choice = createChoice(schema)
  return (json, out) => {
    const named = choice.named(json)
    const at = named === noBranch ? choice.bare(json) : named
    if (at === noBranch) throw new Misfit(namesOf(schema), describeValue(json))
    if (at === severalBranches) throw several(schema, json)
    out.long(at)
    if (named === noBranch) branches[at]!(json, out)
    else encodeNamed(branches[at]!, json as JsonObject, out)
  }
}

function encodeNamed(encode: Encode, json: JsonObject, out: BinaryOut): void {
  const name = onlyKey(json)!
  out.enter()
  encodeAt(encode, json[name]!, name, out)
  out.leave()
}

/** The specification's own form: null is bare, all else stands in an object under the name of its branch. */
export function wrappedUnionEncoder(schema: UnionSchema, branches: readonly Encode[]): Encode {
  const labels = new Map(schema.branches.map((branch, at) => [branchName(branch), at]))
  return (json, out) => {
    const name = json === null ? 'null' : isJsonObject(json) ? onlyKey(json) : undefined
    const at = name === undefined ? undefined : labels.get(name)
    if (at === undefined || (name === 'null' && json !== null)) {
      const expected = schema.branches.map((branch) =>
        branch.type === 'null' ? 'null' : `{"${branchName(branch)}": ...}`,
      )
      throw new Misfit(expected.join(' or '), describeValue(json))
    }
    out.long(at)
    if (json === null) return
    encodeNamed(branches[at]!, json as JsonObject, out)
  }
}

/** The form of defaults: the first branch that the bare value fits. */
export function defaultUnionEncoder(schema: UnionSchema, branches: readonly Encode[]): Encode {
  return (json, out) => {
    const at = defaultBranch(schema.branches, json)
    if (at < 0) throw new Misfit(namesOf(schema), describeValue(json))
    out.long(at)
    branches[at]!(json, out)
  }
}

function namesOf(schema: UnionSchema): string {
  return schema.branches.map((branch) => ('name' in branch ? `"${branch.name}"` : branch.type)).join(' or ')
}

function several(schema: UnionSchema, json: Json): Misfit {
  const hint = `name the branch as in {"${branchName(schema.branches.at(-1)!)}": ...}`
  return new Misfit(namesOf(schema), `${describeValue(json)}, which may be several of them`, hint)
}
