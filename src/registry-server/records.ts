// The records of the log and how they are written: the JSON shapes of Confluent's `_schemas` topic, so that either registry
// reads what the other wrote.
import { type JsonObject, stringifyJson } from '../core/json.ts'
import type { Config, Mode, Scope, StoredVersion } from './content.ts'

export type RegistryRecord =
  | { readonly kind: 'schema'; readonly version: StoredVersion }
  | { readonly kind: 'removed'; readonly subject: string; readonly version: number; readonly keyText?: string }
  | { readonly kind: 'config'; readonly scope: Scope; readonly config: Config | null }
  | { readonly kind: 'mode'; readonly scope: Scope; readonly mode: Mode | null }
  /** softly deletes every version up to and with `upTo` */
  | { readonly kind: 'delete-subject'; readonly subject: string; readonly upTo: number }
  /** drops the softly deleted versions for good; only other registries write it */
  | { readonly kind: 'clear-subject'; readonly scope: Scope }
  | { readonly kind: 'noop' }

/** The bytes of a record: key and value for the log. A null value is a tombstone. */
export function encodeRecord(record: RegistryRecord): { key: Buffer; value: Buffer | null } {
  switch (record.kind) {
    case 'schema':
      return bytes(record.version.keyText ?? schemaKey(record.version), schemaValue(record.version))
    case 'removed':
      return bytes(record.keyText ?? schemaKey(record), null)
    case 'config':
      return bytes(scopedKey('CONFIG', record.scope), record.config)
    case 'mode':
      return bytes(scopedKey('MODE', record.scope), record.mode && { mode: record.mode })
    case 'delete-subject':
      return bytes(scopedKey('DELETE_SUBJECT', record.subject), { subject: record.subject, version: record.upTo })
    case 'clear-subject':
      return bytes(scopedKey('CLEAR_SUBJECT', record.scope), { subject: record.scope })
    case 'noop':
      return bytes('{"keytype":"NOOP","magic":0}', null)
  }
}

const bytes = (key: string, value: JsonObject | null): { key: Buffer; value: Buffer | null } => ({
  key: Buffer.from(key),
  value: value && Buffer.from(stringifyJson(value)),
})

const scopedKey = (keytype: string, subject: Scope): string => stringifyJson({ keytype, subject, magic: 0 })

/** The key of a version's record, byte for byte as Confluent's registry spells it: compaction compares bytes. */
export function schemaKey({ subject, version }: { readonly subject: string; readonly version: number }): string {
  return stringifyJson({ keytype: 'SCHEMA', subject, version, magic: 1 })
}

function schemaValue({ subject, version, id, content, deleted, extra }: StoredVersion): JsonObject {
  const { type, schema, references, metadata, ruleSet } = content
  return {
    subject,
    version,
    id,
    ...(type !== 'AVRO' && { schemaType: type }),
    ...(references.length > 0 && { references }),
    ...(metadata && { metadata }),
    ...(ruleSet && { ruleSet }),
    ...extra,
    schema,
    deleted,
  }
}
