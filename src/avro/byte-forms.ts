import type { Json } from '../core/json.ts'
import { BinaryIn } from './binary-in.ts'
import { BinaryOut } from './binary-out.ts'
import {
  isUuid,
  isoDurationText,
  parseBase64,
  parseByteText,
  parseIsoDuration,
  parseUuid,
  uuidText,
} from './byte-texts.ts'
import { decimalText, fromBytes, parseDecimal, toBytes, unscaledAt } from './decimal.ts'
import { type LeafForm, type ValueForm, stringForm, textForm } from './leaf-form.ts'
import { type LogicalType, logicalTypeOf } from './logical-type.ts'
import type { FixedSchema, PrimitiveSchema } from './schema.ts'

const base64Form: LeafForm<Buffer> = {
  ...textForm<Buffer>('bytes in base64', (bytes) => bytes.toString('base64'), parseBase64),
  example: '',
}
const byteTextForm = textForm(
  'bytes as characters up to U+00FF',
  (bytes: Buffer) => bytes.toString('latin1'),
  parseByteText,
)
const someUuid = '123e4567-e89b-12d3-a456-426614174000'
const uuidExpected = `uuid like ${someUuid}`

const uuidStringForm: LeafForm<string> = {
  ...textForm<string>(
    uuidExpected,
    (text) => text,
    (text) => (isUuid(text) ? text : undefined),
  ),
  example: someUuid,
}
const uuidBytesForm: LeafForm<Buffer> = { ...textForm(uuidExpected, uuidText, parseUuid), example: someUuid }
const durationForm: LeafForm<Buffer> = {
  ...textForm('duration like P1M2DT3.004S', isoDurationText, parseIsoDuration),
  example: 'P1M2DT3.004S',
}

export function stringLeafForm(schema: PrimitiveSchema, form: ValueForm): LeafForm<string> {
  return form === 'plain' && logicalTypeOf(schema)?.kind === 'uuid' ? uuidStringForm : stringForm
}

export function bytesForm(schema: PrimitiveSchema, form: ValueForm): LeafForm<Buffer> {
  if (form === 'avro') return byteTextForm
  const logical = logicalTypeOf(schema)
  if (logical?.kind === 'big-decimal') return bigDecimalForm
  return logical?.kind === 'decimal' ? decimalForm(logical) : base64Form
}

export function fixedForm(schema: FixedSchema, form: ValueForm): LeafForm<Buffer> {
  const logical = form === 'plain' ? logicalTypeOf(schema) : undefined
  switch (logical?.kind) {
    case 'uuid':
      return uuidBytesForm
    case 'duration':
      return durationForm
    case 'decimal':
      return decimalForm(logical, schema.size)
    default:
      return sized(form === 'avro' ? byteTextForm : base64Form, schema.size)
  }
}

function sized(form: LeafForm<Buffer>, size: number): LeafForm<Buffer> {
  const fromJson = (json: Json): Buffer | undefined => {
    const bytes = form.fromJson(json)
    return bytes?.length === size ? bytes : undefined
  }
  return {
    expected: `${size} ${form.expected}`,
    example: form.toJson(Buffer.alloc(size)),
    toJson: form.toJson,
    fromJson,
  }
}

/** JSON numbers are taken as decimals up to the digits that a double surely keeps. */
const sureDigits = 15

function decimalIn(json: Json): string | undefined {
  if (typeof json === 'string') return json
  if (typeof json === 'bigint') return json.toString()
  if (typeof json !== 'number') return undefined
  const text = String(json)
  return text.replace(/e.*/, '').replace(/\D/g, '').length <= sureDigits ? text : undefined
}

function decimalForm(type: LogicalType & { kind: 'decimal' }, size?: number): LeafForm<Buffer> {
  const { precision, scale } = type
  return {
    expected: `decimal of at most ${precision} digits, ${scale} of them after the point`,
    example: decimalText({ unscaled: 0n, scale }),
    toJson: (bytes) => decimalText({ unscaled: fromBytes(bytes), scale }),
    fromJson: (json) => {
      const decimal = parseDecimal(decimalIn(json) ?? '')
      const unscaled = decimal && unscaledAt(decimal, precision, scale)
      return unscaled === undefined ? undefined : toBytes(unscaled, size)
    },
  }
}

/** Bytes that hold the bytes of the unscaled number and the scale as an int ("Decimal, Alternative Representation"). */
const bigDecimalForm: LeafForm<Buffer> = {
  expected: 'decimal',
  example: '1.50',
  toJson: (bytes) => {
    const inner = new BinaryIn()
    inner.open(bytes)
    const decimal = { unscaled: fromBytes(inner.bytes()), scale: inner.int() }
    inner.close()
    return decimalText(decimal)
  },
  fromJson: (json) => {
    const decimal = parseDecimal(decimalIn(json) ?? '')
    if (!decimal || decimal.scale !== (decimal.scale | 0)) return undefined
    const out = new BinaryOut()
    out.open()
    out.bytes(toBytes(decimal.unscaled)!)
    out.long(decimal.scale)
    return out.take()
  },
}
