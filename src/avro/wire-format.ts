// The Schema Registry's wire format: a zero byte, four bytes of schema id, the Avro binary.

export const wirePrefix = 5

/** The schema id in front of a value, or undefined when the bytes are not in the wire format. */
export function schemaIdOf(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start < wirePrefix || bytes[start] !== 0) return undefined
  return (bytes[start + 1]! << 24) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 8) | bytes[start + 4]!
}

/** What stands in front of an Avro binary. */
export function prefixOfSchemaId(id: number): Buffer {
  const prefix = Buffer.alloc(wirePrefix)
  prefix.writeInt32BE(id, 1)
  return prefix
}

/** Puts the schema id in front of an Avro binary. */
export function withSchemaId(id: number, binary: Buffer): Buffer {
  return Buffer.concat([prefixOfSchemaId(id), binary])
}
