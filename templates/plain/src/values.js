// Keys and values as bytes, and back.

/**
 * @typedef {import('./topics.js').Format} Format
 * @typedef {{
 *   getLatestSchemaId(subject: string): Promise<number>
 *   encode(id: number, value: unknown): Promise<Buffer>
 *   decode(bytes: Buffer): Promise<unknown>
 * }} Registry what is used of the client of the Schema Registry
 */

/** @type {Map<string, number>} subject -> id of its latest schema when it was first needed */
const ids = new Map()

/** The event does not go with the schema or the format of its topic. */
export class InvalidEvent extends Error {}

/**
 * @param {Format} format
 * @param {unknown} value
 * @param {Registry} registry
 * @returns {Promise<Buffer>}
 */
export async function encode(format, value, registry) {
  if (format.kind === 'json') return Buffer.from(JSON.stringify(value))
  if (format.kind === 'avro') return encodeAvro(format.subject, value, registry)
  if (typeof value !== 'string') throw new InvalidEvent('it has to be a text')
  return Buffer.from(value)
}

/**
 * @param {string} subject
 * @param {unknown} value
 * @param {Registry} registry
 */
async function encodeAvro(subject, value, registry) {
  const id = ids.get(subject) ?? (await registry.getLatestSchemaId(subject))
  ids.set(subject, id)
  try {
    return await registry.encode(id, value)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfluentSchemaRegistryValidationError') throw error
    const { paths = [] } = /** @type {{ paths?: string[][] }} */ (error)
    throw new InvalidEvent(`it does not go with the schema at ${paths.map((path) => `/${path.join('/')}`).join(', ')}`)
  }
}

/**
 * @param {Format} format
 * @param {Buffer | null} bytes
 * @param {Registry} registry
 * @returns {Promise<unknown>}
 */
export async function decode(format, bytes, registry) {
  if (bytes === null) return null
  if (format.kind === 'json') return JSON.parse(bytes.toString())
  if (format.kind === 'avro') return registry.decode(bytes)
  return format.kind === 'string' ? bytes.toString() : bytes
}
