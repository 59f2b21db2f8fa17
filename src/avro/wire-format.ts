// The Schema Registry's wire format: a zero byte, four bytes of schema id, the Avro binary.

export const wirePrefix = 5

/** The schema id in front of a value, or undefined when the bytes are not in the wire format. */
export function schemaIdOf(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start < wirePrefix || bytes[start] !== 0) return undefined
  return (bytes[start + 1]! << 24) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 8) | bytes[start + 4]!
}

/** Puts the schema id in front of an Avro binary. */
export function withSchemaId(id: number, binary: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(wirePrefix + binary.length)
  bytes[0] = 0
  bytes.writeInt32BE(id, 1)
  binary.copy(bytes, wirePrefix)
  return bytes
}
