import type { BinaryIn } from './binary-in.ts'
import { branchName } from './branch-fit.ts'
import type { Decode } from './decode-parts.ts'
import type { Schema } from './schema.ts'
import { type UnionChoice, noBranch } from './union-choice.ts'

/** A written union: the index of a branch, and its value. */
export function branchDecoder(branches: readonly Decode[]): Decode {
  return (input: BinaryIn) => branches[input.index(branches.length, 'a branch of a union')]!(input)
}

/** The specification's own form: all but null stands in an object under the name of its branch. */
export function wrappedDecoder(branch: Schema, decode: Decode): Decode {
  if (branch.type === 'null') return decode
  const name = branchName(branch)
  return (input) => {
    input.enter()
    const value = { [name]: decode(input) }
    input.leave()
    return value
  }
}

/** The plain form: bare, unless a reader of the JSON would take it for another branch. */
export function bareDecoder(choice: UnionChoice, at: number, name: string, decode: Decode): Decode {
  return (input) => {
    const value = decode(input)
    const isFound = choice.named(value) === noBranch && choice.bare(value) === at
    return isFound ? value : { [name]: value }
  }
}
