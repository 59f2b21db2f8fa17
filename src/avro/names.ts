// Names of Avro (specification 1.12, "Names"): a full name is a namespace, a dot and a name; the null namespace is ''.
import type { PrimitiveName } from './schema.ts'

export const primitiveNames: readonly PrimitiveName[] = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]

/** All names that stand for a type by themselves; a named type may bear the last six as a short name, in a namespace. */
export const typeNames: readonly string[] = [...primitiveNames, 'array', 'map', 'union', 'record', 'enum', 'fixed']

export function isPrimitiveName(name: string): name is PrimitiveName {
  return primitiveNames.some((primitive) => primitive === name)
}

/** Whether a text may be a field, a symbol, or one part of a full name. */
export function isName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
}

/** `shop.Order` -> `shop`, `Order` -> ''. */
export function namespaceOf(fullName: string): string {
  return fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')))
}

/** `shop.Order` -> `Order`. */
export function shortName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1)
}

/** The full name that a written name means within a namespace. `.Order` is `Order` of the null namespace everywhere. */
export function fullName(written: string, namespace: string): string {
  if (written.startsWith('.')) return written.slice(1)
  return written.includes('.') || namespace === '' ? written : `${namespace}.${written}`
}
