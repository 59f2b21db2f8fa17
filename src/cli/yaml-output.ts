import { stringify } from 'yaml'

/** A published value as YAML. */
export function toYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false })
}
