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
  'undeclared-config': { meaning: 'A topic has a config set that platform.yaml does not name. It is never touched.' },
  'reassignment-in-progress': { meaning: 'Replicas of a topic are being moved, so their number is not compared.' },
  'newer-version-registered': {
    meaning: 'The declared schema is registered, and somebody registered a newer version after it.',
  },
})

export type FindingCode = keyof typeof findingKinds
