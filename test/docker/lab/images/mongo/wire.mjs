// MongoDB's messages (OP_MSG) and as much of BSON as commands need, written apart from the code that is tested against it.

/** what is not understood is kept as its bytes */
const fixed = { 0x07: 12, 0x11: 8, 0x12: 8, 0x13: 16 }

export function decode(bytes) {
  let at = 4
  const take = (length) => bytes.subarray(at, (at += length))
  const name = () => {
    const text = bytes.toString('utf8', at, bytes.indexOf(0, at))
    at += Buffer.byteLength(text) + 1
    return text
  }
  const nested = () => decode(take(bytes.readInt32LE(at)))
  const read = (type) => {
    if (type === 0x01) return take(8).readDoubleLE()
    if (type === 0x02) return take(take(4).readInt32LE()).toString('utf8').slice(0, -1)
    if (type === 0x03) return nested()
    if (type === 0x04) return Object.values(nested())
    if (type === 0x05) return take(take(5).readInt32LE())
    if (type === 0x08) return take(1)[0] === 1
    if (type === 0x09) return new Date(Number(take(8).readBigInt64LE()))
    if (type === 0x0a) return null
    if (type === 0x10) return take(4).readInt32LE()
    if (type in fixed) return take(fixed[type])
    throw new Error(`no BSON that is understood here: type ${type}`)
  }
  const document = {}
  for (let type = take(1)[0]; type !== 0; type = take(1)[0]) document[name()] = read(type)
  return document
}

const number = (length, method, value) => {
  const bytes = Buffer.alloc(length)
  bytes[method](value)
  return bytes
}
const int32 = (value) => number(4, 'writeInt32LE', value)

function encodeValue(value) {
  if (value === null) return [0x0a, Buffer.alloc(0)]
  if (typeof value === 'boolean') return [0x08, Buffer.of(Number(value))]
  if (typeof value === 'string')
    return [0x02, Buffer.concat([int32(Buffer.byteLength(value) + 1), Buffer.from(`${value}\0`)])]
  if (typeof value === 'number')
    return Number.isInteger(value) ? [0x10, int32(value)] : [0x01, number(8, 'writeDoubleLE', value)]
  if (value instanceof Date) return [0x09, number(8, 'writeBigInt64LE', BigInt(value.getTime()))]
  if (value instanceof Uint8Array) return [0x05, Buffer.concat([int32(value.length), Buffer.of(0), value])]
  return [Array.isArray(value) ? 0x04 : 0x03, encode(value)]
}

export function encode(document) {
  const elements = Object.entries(document).map(([name, value]) => {
    const [type, bytes] = encodeValue(value)
    return Buffer.concat([Buffer.of(type), Buffer.from(`${name}\0`), bytes])
  })
  const body = Buffer.concat([...elements, Buffer.of(0)])
  return Buffer.concat([int32(body.length + 4), body])
}

export const opMsg = 2013

/** A message with one document, as the answer to another or as a request. */
export function message(id, responseTo, document) {
  const body = Buffer.concat([int32(0), Buffer.of(0), encode(document)])
  return Buffer.concat([int32(body.length + 16), int32(id), int32(responseTo), int32(opMsg), body])
}

/** Cuts what comes into messages: a function that takes bytes and answers the messages that are whole. */
export function cutter() {
  let rest = Buffer.alloc(0)
  return (part) => {
    rest = Buffer.concat([rest, part])
    const whole = []
    while (rest.length >= 16 && rest.length >= rest.readInt32LE()) {
      whole.push(rest.subarray(0, rest.readInt32LE()))
      rest = rest.subarray(rest.readInt32LE())
    }
    return whole
  }
}

/** The command of a message; undefined for one of another kind. */
export function commandOf(bytes) {
  return bytes.readInt32LE(12) === opMsg && bytes[20] === 0 ? decode(bytes.subarray(21)) : undefined
}
