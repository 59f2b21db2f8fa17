// The compatibility levels of the Schema Registry: which versions a schema is compared with, and in which direction.
import { type Incompatibility, incompatibilities } from './compatibility.ts'
import type { CompatibilityLevel } from './compatibility-level.ts'
import type { Schema } from './schema.ts'

/** An earlier version of a subject. */
export interface EarlierVersion {
  readonly version: number
  readonly schema: Schema
}

export interface LevelProblem extends Incompatibility {
  /** the earlier version that the new schema does not go with */
  readonly version: number
  /** `backward`: the new schema reads the version's data; `forward`: the version reads the new schema's data, and `pointer` points into the version */
  readonly direction: 'backward' | 'forward'
}

/**
 * Everything that keeps `next` from becoming the next version under a level; empty when it may.
 * `earlier` are the live versions, newest first. A level without `_TRANSITIVE` looks at the newest only.
 */
export function checkLevel(
  level: CompatibilityLevel,
  next: Schema,
  earlier: readonly EarlierVersion[],
): LevelProblem[] {
  const versions = level.endsWith('_TRANSITIVE') ? earlier : earlier.slice(0, 1)
  const backward = level.startsWith('BACKWARD') || level.startsWith('FULL')
  const forward = level.startsWith('FORWARD') || level.startsWith('FULL')
  return versions.flatMap(({ version, schema }) => [
    ...(backward
      ? incompatibilities(next, schema).map((each) => ({ ...each, version, direction: 'backward' as const }))
      : []),
    ...(forward
      ? incompatibilities(schema, next).map((each) => ({ ...each, version, direction: 'forward' as const }))
      : []),
  ])
}
