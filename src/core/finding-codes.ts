// Every kind of finding, in platform.yaml, in schemas, in policies, in a plan. docs/errors.md is generated from this list.

interface FindingKind {
  /** one sentence, without names of the user's things */
  readonly meaning: string
}

function kinds<const T extends Readonly<Record<string, FindingKind>>>(table: T): T {
  return table
}

export const findingKinds = kinds({
  'yaml-syntax': { meaning: 'The file is not well-formed YAML.' },
})

export type FindingCode = keyof typeof findingKinds
