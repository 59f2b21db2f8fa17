// Types without parts, bound to the binary encoding: how to encode and decode a value, and which JSON may be one.
import type { Json } from '../core/json.ts'
import type { BinaryIn } from './binary-in.ts'
import type { BinaryOut } from './binary-out.ts'
import { bytesForm, fixedForm, stringLeafForm } from './byte-forms.ts'
import { type LeafForm, type ValueForm, booleanForm, enumForm, nullForm } from './leaf-form.ts'
import { doubleForm, floatForm, intForm, longForm } from './number-forms.ts'
import type { EnumSchema, FixedSchema, PrimitiveSchema } from './schema.ts'
import { Misfit, describeValue } from './value-error.ts'

export type LeafSchema = PrimitiveSchema | EnumSchema | FixedSchema

export interface LeafCode {
  /** writes a value; throws a Misfit for JSON that stands for none */
  readonly encode: (json: Json, out: BinaryOut) => void
  readonly decode: (input: BinaryIn) => Json
  readonly fits: (json: Json) => boolean
  /** undefined where the name of a field says more than any value */
  readonly example: Json | undefined
}

export function leafCode(schema: LeafSchema, form: ValueForm): LeafCode {
  switch (schema.type) {
    case 'null':
      return bind(nullForm, binary.null)
    case 'boolean':
      return bind(booleanForm, binary.boolean)
    case 'int':
      return bind(intForm(schema, form), binary.int)
    case 'long':
      return bind(longForm(schema, form), binary.long)
    case 'float':
      return bind(floatForm, binary.float)
    case 'double':
      return bind(doubleForm, binary.double)
    case 'string':
      return bind(stringLeafForm(schema, form), binary.string)
    case 'bytes':
      return bind(bytesForm(schema, form), binary.bytes)
    case 'enum':
      return bind(enumForm(schema), enumBinary(schema))
    case 'fixed':
      return bind(fixedForm(schema, form), fixedBinary(schema))
  }
}

interface Binary<T> {
  readonly write: (out: BinaryOut, value: T) => void
  readonly read: (input: BinaryIn) => T
}

function of<T>(write: Binary<T>['write'], read: Binary<T>['read']): Binary<T> {
  return { write, read }
}

const binary = {
  null: of<null>(
    () => undefined,
    () => null,
  ),
  boolean: of<boolean>(
    (out, value) => out.boolean(value),
    (input) => input.boolean(),
  ),
  int: of<number>(
    (out, value) => out.long(value),
    (input) => input.int(),
  ),
  long: of<number | bigint>(
    (out, value) => out.long(value),
    (input) => input.long(),
  ),
  float: of<number>(
    (out, value) => out.float(value),
    (input) => input.float(),
  ),
  double: of<number>(
    (out, value) => out.double(value),
    (input) => input.double(),
  ),
  string: of<string>(
    (out, value) => out.string(value),
    (input) => input.string(),
  ),
  bytes: of<Buffer>(
    (out, value) => out.bytes(value),
    (input) => input.bytes(),
  ),
}

function enumBinary(schema: EnumSchema): Binary<number> {
  const what = `a symbol of "${schema.name}"`
  return of<number>(
    (out, value) => out.long(value),
    (input) => input.index(schema.symbols.length, what),
  )
}

function fixedBinary(schema: FixedSchema): Binary<Buffer> {
  return of<Buffer>(
    (out, value) => out.fixed(value),
    (input) => input.fixed(schema.size),
  )
}

function bind<T>(form: LeafForm<T>, { write, read }: Binary<T>): LeafCode {
  return {
    encode: (json, out) => {
      const value = form.fromJson(json)
      if (value === undefined) throw new Misfit(form.expected, describeValue(json))
      write(out, value)
    },
    decode: (input) => form.toJson(read(input)),
    fits: (json) => form.fromJson(json) !== undefined,
    example: form.example,
  }
}
