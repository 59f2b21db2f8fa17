// The recursive part of the parser: one function per form of a type, each with the JSON and its place.
import { didYouMean } from '../core/did-you-mean.ts'
import { type Json, type JsonArray, type JsonObject, isJsonArray, isJsonObject } from '../core/json.ts'
import { fullName, isPrimitiveName, namespaceOf, primitiveNames, shortName } from './names.ts'
import {
  type Parsing,
  type Spot,
  below,
  checkName,
  noProperties,
  optionalText,
  propertiesOf,
  refuse,
  requiredText,
  reservedInEnums,
  reservedInFields,
  reservedInTypes,
  textList,
} from './parse-context.ts'
import { AvroSchemaError } from './schema-error.ts'
import type { EnumSchema, Field, FixedSchema, NamedSchema } from './schema.ts'
import type { RecordSchema, Schema, UnionSchema } from './schema.ts'

export function parseType(parsing: Parsing, json: Json, spot: Spot): Schema {
  if (typeof json === 'string') return parseReference(parsing, json, spot)
  if (isJsonArray(json)) return parseUnion(parsing, json, spot)
  if (!isJsonObject(json)) return refuse(spot, 'a type is a name, an object or an array of types')
  return parseObject(parsing, json, spot)
}

function parseObject(parsing: Parsing, node: JsonObject, spot: Spot): Schema {
  const type = node['type']
  if (type === undefined) return refuse(spot, '"type" is missing')
  if (typeof type !== 'string') return refuse(below(spot, 'type'), '"type" of a type is a name, not a type of its own')
  if (isPrimitiveName(type)) return { type, properties: propertiesOf(node, reservedInTypes) }
  switch (type) {
    case 'record':
    case 'error':
      return parseRecord(parsing, node, type, spot)
    case 'enum':
      return parseEnum(parsing, node, spot)
    case 'fixed':
      return parseFixed(parsing, node, spot)
    case 'array':
      return { type, items: parsePart(parsing, node, 'items', spot), properties: propertiesOf(node, reservedInTypes) }
    case 'map':
      return { type, values: parsePart(parsing, node, 'values', spot), properties: propertiesOf(node, reservedInTypes) }
    default:
      return parseReference(parsing, type, below(spot, 'type'))
  }
}

function parsePart(parsing: Parsing, node: JsonObject, key: string, spot: Spot): Schema {
  const part = node[key]
  return part === undefined ? refuse(spot, `"${key}" is missing`) : parseType(parsing, part, below(spot, key))
}

/** A name in the place of a type. A short name that its namespace lacks is looked for in the null namespace, as Java does. */
function parseReference(parsing: Parsing, written: string, spot: Spot): Schema {
  if (isPrimitiveName(written)) return { type: written, properties: noProperties }
  const name = fullName(written, spot.namespace)
  const found = lookUp(parsing, name) ?? lookUp(parsing, written)
  if (found) return found
  if (!parsing.unknown) throw unknownType(parsing, name, spot)
  parsing.unknown.add(name)
  return { type: 'fixed', name, size: 0, aliases: [], properties: noProperties }
}

function lookUp(parsing: Parsing, name: string): NamedSchema | undefined {
  return parsing.defined.get(name) ?? parsing.known.get(name)
}

function unknownType(parsing: Parsing, name: string, spot: Spot): AvroSchemaError {
  const guess = didYouMean(name, [...parsing.defined.keys(), ...parsing.known.keys(), ...primitiveNames])
  const message = `the type "${name}" is not defined${guess && `, ${guess}`}`
  return new AvroSchemaError('unknown-type', spot.pointer, message, name)
}

function parseUnion(parsing: Parsing, list: JsonArray, spot: Spot): UnionSchema {
  const names = new Set<string>()
  const branches = list.map((json, at) => {
    const branch = parseType(parsing, json, below(spot, at))
    if (branch.type === 'union') refuse(below(spot, at), 'a union stands directly in a union')
    const name = 'name' in branch ? branch.name : branch.type
    if (names.has(name)) refuse(below(spot, at), `"${name}" stands twice in a union`)
    names.add(name)
    return branch
  })
  return { type: 'union', branches }
}

function parseRecord(parsing: Parsing, node: JsonObject, type: 'record' | 'error', spot: Spot): RecordSchema {
  const fields: Field[] = []
  const record: RecordSchema = { type, ...parseNamed(parsing, node, spot), fields }
  define(parsing, record, spot)
  const list = node['fields']
  if (list === undefined || !isJsonArray(list)) return refuse(spot, '"fields" is not an array')
  const names = new Set<string>()
  list.forEach((json, at) => {
    const place = { ...below(spot, 'fields', at), namespace: namespaceOf(record.name) }
    if (!isJsonObject(json)) return refuse(place, 'a field is not an object')
    const field = parseField(parsing, json, place)
    if (names.has(field.name)) refuse(place, `the field "${field.name}" stands twice in "${record.name}"`)
    names.add(field.name)
    fields.push(field)
  })
  return record
}

function parseField(parsing: Parsing, node: JsonObject, spot: Spot): Field {
  const name = requiredText(node, 'name', spot)
  checkName(parsing, name, below(spot, 'name'))
  const aliases = node['aliases'] === undefined ? [] : textList(node, 'aliases', spot)
  const doc = optionalText(parsing, node, 'doc', spot)
  const order = node['order']
  if (order !== undefined && order !== 'ascending' && order !== 'descending' && order !== 'ignore')
    return refuse(below(spot, 'order'), '"order" is neither "ascending", "descending" nor "ignore"')
  const type = parsePart(parsing, node, 'type', spot)
  const given = node['default']
  const field: Field = {
    name,
    type,
    aliases,
    ...(doc !== undefined && { doc }),
    ...(given !== undefined && { default: asNumber(type, given) }),
    ...(order !== undefined && { order }),
    properties: propertiesOf(node, reservedInFields),
  }
  if (given !== undefined) parsing.defaults.push({ field, pointer: below(spot, 'default').pointer })
  return field
}

/** The default of a float or double may be given as text, as Java reads it; `NaN` and infinities have no other form. */
function asNumber(type: Schema, given: Json): Json {
  const wanted = (type.type === 'float' || type.type === 'double') && typeof given === 'string'
  return wanted && /^-?\d+(\.\d*)?([eE][+-]?\d+)?$/.test(given) ? Number(given) : given
}

function parseEnum(parsing: Parsing, node: JsonObject, spot: Spot): EnumSchema {
  const named = parseNamed(parsing, node, spot, reservedInEnums)
  const symbols = textList(node, 'symbols', spot)
  symbols.forEach((symbol, at) => {
    checkName(parsing, symbol, below(spot, 'symbols', at))
    if (symbols.indexOf(symbol) !== at) refuse(below(spot, 'symbols', at), `the symbol "${symbol}" stands twice`)
  })
  const fallback = optionalText(parsing, node, 'default', spot)
  if (fallback !== undefined && !symbols.includes(fallback))
    refuse(below(spot, 'default'), `the default "${fallback}" is not one of the symbols`)
  const schema: EnumSchema = { type: 'enum', ...named, symbols, ...(fallback !== undefined && { default: fallback }) }
  return define(parsing, schema, spot)
}

function parseFixed(parsing: Parsing, node: JsonObject, spot: Spot): FixedSchema {
  const named = parseNamed(parsing, node, spot)
  const size = node['size']
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > 2 ** 31 - 1)
    return refuse(spot, '"size" is not a number of bytes')
  return define(parsing, { type: 'fixed', ...named, size }, spot)
}

/** Name, aliases, doc and properties of a named type. A namespace in the name outweighs the attribute. */
function parseNamed(
  parsing: Parsing,
  node: JsonObject,
  spot: Spot,
  reserved = reservedInTypes,
): Pick<NamedSchema, 'name' | 'aliases' | 'doc' | 'properties'> {
  const written = requiredText(node, 'name', spot)
  const name = fullName(written, optionalText(parsing, node, 'namespace', spot) ?? spot.namespace)
  checkFullName(parsing, name, below(spot, 'name'))
  const aliases = (node['aliases'] === undefined ? [] : textList(node, 'aliases', spot)).map((alias, at) => {
    const full = fullName(alias, namespaceOf(name))
    for (const part of full.split('.')) checkName(parsing, part, below(spot, 'aliases', at))
    return full
  })
  const doc = optionalText(parsing, node, 'doc', spot)
  return { name, aliases, ...(doc !== undefined && { doc }), properties: propertiesOf(node, reserved) }
}

function checkFullName(parsing: Parsing, name: string, spot: Spot): void {
  for (const part of name.split('.')) checkName(parsing, part, spot)
  if (isPrimitiveName(parsing.lenient ? name : shortName(name)))
    refuse(spot, `"${name}" is the name of a primitive type`)
}

/** Makes a named type known under its full name, which may happen once in a text. */
function define<T extends NamedSchema>(parsing: Parsing, schema: T, spot: Spot): T {
  if (parsing.defined.has(schema.name)) refuse(spot, `"${schema.name}" is defined twice`)
  parsing.defined.set(schema.name, schema)
  return schema
}
