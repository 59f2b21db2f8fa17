// Random bodies for any definition, for tests that hold for every message.
import fc from 'fast-check'
import type { Field, Fields, Shape } from '../../src/protocol/notation.ts'

const bytes = fc.uint8Array({ maxLength: 20 }).map((b) => Buffer.from(b))

const scalars: Record<string, fc.Arbitrary<unknown>> = {
  bool: fc.boolean(),
  int8: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -32_768, max: 32_767 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  uuid: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((b) => Buffer.from(b).toString('base64url')),
  string: fc.string({ unit: 'grapheme', maxLength: 12 }),
  bytes,
  records: bytes,
}

function arbitraryShape(shape: Shape, version: number): fc.Arbitrary<unknown> {
  if (shape.kind === 'array') return fc.array(arbitraryShape(shape.element, version), { maxLength: 3 })
  return shape.kind === 'struct' ? arbitraryFields(shape.fields, version) : scalars[shape.kind]!
}

function arbitraryField({ shape, options }: Field, version: number): fc.Arbitrary<unknown> {
  const value = arbitraryShape(shape, version)
  return options.nullable !== undefined && version >= options.nullable ? fc.option(value, { nil: null }) : value
}

/** Whether a version of a message has a field. */
export function isPresent({ options }: Field, version: number): boolean {
  return version >= (options.since ?? 0) && version <= (options.until ?? Infinity)
}

/** Values for the fields that a version has. */
export function arbitraryFields(fields: Fields, version: number): fc.Arbitrary<Record<string, unknown>> {
  const present = Object.entries(fields).filter(([, field]) => isPresent(field, version))
  return fc.record(Object.fromEntries(present.map(([name, field]) => [name, arbitraryField(field, version)])))
}
