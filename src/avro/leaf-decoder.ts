// Decoders of the types without parts, read as themselves or as what they are promoted to.
import { isPromoted, isSameName } from './compatibility.ts'
import type { Decode } from './decode-parts.ts'
import { type LeafSchema, leafCode } from './leaf-code.ts'
import { type ValueForm, enumForm } from './leaf-form.ts'
import { doubleForm, floatForm, toFloat } from './number-forms.ts'
import type { EnumSchema } from './schema.ts'
import { Misfit } from './value-error.ts'

/** Undefined where the reader's type does not take the writer's. */
export function leafDecoder(writer: LeafSchema, reader: LeafSchema, form: ValueForm): Decode | undefined {
  const asWritten = leafCode(reader, form).decode
  if (writer === reader) return asWritten
  if (writer.type === 'enum' && reader.type === 'enum')
    return isSameName(reader, writer) ? enumDecoder(writer, reader) : undefined
  if (writer.type === 'fixed' && reader.type === 'fixed')
    return isSameName(reader, writer) && reader.size === writer.size ? asWritten : undefined
  if (!isPromoted(writer.type, reader.type)) return undefined
  return writer.type === reader.type ? asWritten : (promotedDecoder(writer, reader) ?? asWritten)
}

/** Undefined where both types are written alike: an int is a short long, text is bytes. */
function promotedDecoder(writer: LeafSchema, reader: LeafSchema): Decode | undefined {
  if (reader.type === 'float') return (input) => floatForm.toJson(toFloat(input.long()))
  if (reader.type !== 'double') return undefined
  if (writer.type === 'float') return (input) => doubleForm.toJson(input.float())
  return (input) => doubleForm.toJson(Number(input.long()))
}

function enumDecoder(writer: EnumSchema, reader: EnumSchema): Decode {
  const { toJson } = enumForm(reader)
  const fallback = reader.default === undefined ? -1 : reader.symbols.indexOf(reader.default)
  const indexes = writer.symbols.map((symbol) => {
    const at = reader.symbols.indexOf(symbol)
    return at < 0 ? fallback : at
  })
  const what = `a symbol of "${writer.name}"`
  return (input) => {
    const written = input.index(indexes.length, what)
    const at = indexes[written]!
    if (at < 0) throw new Misfit(`a symbol that the reader's "${reader.name}" has`, `"${writer.symbols[written]}"`)
    return toJson(at)
  }
}
