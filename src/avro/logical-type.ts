import type { FixedSchema, Schema } from './schema.ts'

/** Seconds are told with this many digits after the point: milliseconds, microseconds, nanoseconds. */
export type Digits = 3 | 6 | 9

/** What a logical type makes of the type that carries it. */
export type LogicalType =
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'big-decimal' | 'uuid' | 'duration' | 'date' }
  | { readonly kind: 'time' | 'timestamp' | 'local-timestamp'; readonly digits: Digits }

/**
 * The logical type of a type (specification 1.12, "Logical Types"). One that is unknown, stands on a type that it cannot
 * stand on, or has attributes that make no sense is ignored, as the specification demands: then undefined.
 */
export function logicalTypeOf(schema: Schema): LogicalType | undefined {
  if (schema.type === 'union') return undefined
  const name = schema.properties.get('logicalType')
  switch (schema.type) {
    case 'int':
      if (name === 'date') return { kind: 'date' }
      return name === 'time-millis' ? { kind: 'time', digits: 3 } : undefined
    case 'long':
      return longTypes.get(String(name))
    case 'string':
      return name === 'uuid' ? { kind: 'uuid' } : undefined
    case 'bytes':
      if (name === 'big-decimal') return { kind: 'big-decimal' }
      return name === 'decimal' ? decimalOf(schema, Infinity) : undefined
    case 'fixed':
      return fixedType(schema, name)
    default:
      return undefined
  }
}

const longTypes: ReadonlyMap<string, LogicalType> = new Map([
  ['time-micros', { kind: 'time', digits: 6 }],
  ['timestamp-millis', { kind: 'timestamp', digits: 3 }],
  ['timestamp-micros', { kind: 'timestamp', digits: 6 }],
  ['timestamp-nanos', { kind: 'timestamp', digits: 9 }],
  ['local-timestamp-millis', { kind: 'local-timestamp', digits: 3 }],
  ['local-timestamp-micros', { kind: 'local-timestamp', digits: 6 }],
  ['local-timestamp-nanos', { kind: 'local-timestamp', digits: 9 }],
])

function fixedType(schema: FixedSchema, name: unknown): LogicalType | undefined {
  if (name === 'uuid' && schema.size === 16) return { kind: 'uuid' }
  if (name === 'duration' && schema.size === 12) return { kind: 'duration' }
  return name === 'decimal' ? decimalOf(schema, Math.floor(Math.log10(2) * (8 * schema.size - 1))) : undefined
}

function decimalOf(schema: Exclude<Schema, { type: 'union' }>, mostDigits: number): LogicalType | undefined {
  const precision = schema.properties.get('precision')
  const scale = schema.properties.get('scale') ?? 0
  if (typeof precision !== 'number' || !Number.isInteger(precision) || precision < 1) return undefined
  if (typeof scale !== 'number' || !Number.isInteger(scale) || scale < 0) return undefined
  return scale > precision || precision > mostDigits ? undefined : { kind: 'decimal', precision, scale }
}
