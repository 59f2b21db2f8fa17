// The check of a new schema against the versions of a subject, and its messages in the style of Confluent's.
import { type LevelProblem, checkLevel } from '../avro/compatibility-check.ts'
import type { CompatibilityLevel } from '../avro/compatibility-level.ts'
import type { Schema } from '../avro/schema.ts'
import { messageOf } from '../core/errors.ts'
import { storedSchema } from './avro-content.ts'
import type { StoredVersion } from './content.ts'
import type { RegistryState } from './state.ts'

/**
 * Why `next` may not follow the versions (newest first) under a level; empty when it may.
 * What can't be compared (another type of schema, a text that can't be read any more) counts as incompatible.
 */
export function incompatibilitiesWith(
  state: RegistryState,
  level: CompatibilityLevel,
  next: Schema,
  versions: readonly StoredVersion[],
): string[] {
  if (level === 'NONE') return []
  const compared = level.endsWith('_TRANSITIVE') ? versions : versions.slice(0, 1)
  for (const version of compared) {
    const messages = messagesFor(state, level, next, version)
    if (messages.length > 0) return [...messages, `{compatibility: '${level}'}`]
  }
  return []
}

function messagesFor(
  state: RegistryState,
  level: CompatibilityLevel,
  next: Schema,
  { version, content }: StoredVersion,
): string[] {
  const old = [`{oldSchemaVersion: ${version}}`, `{oldSchema: '${content.schema}'}`]
  let schema: Schema
  try {
    schema = storedSchema(state, content)
  } catch (thrown) {
    return [`{errorType:'TYPE_MISMATCH', description:'The old schema can't be compared: ${messageOf(thrown)}'}`, ...old]
  }
  const problems = checkLevel(level, next, [{ version, schema }])
  return problems.length === 0 ? [] : [...problems.map(problemText), ...old]
}

function problemText({ kind, message, pointer, direction }: LevelProblem): string {
  const reader = direction === 'backward' ? 'new' : 'old'
  return `{errorType:'${kind}', description:'${message}, at path '${pointer || '/'}' of the ${reader} schema, which is to read the other'}`
}
