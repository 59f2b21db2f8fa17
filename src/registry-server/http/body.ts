import type { IncomingMessage } from 'node:http'
import { type Json, type JsonObject, isJsonObject, parseJson } from '../../core/json.ts'
import { refusals } from '../refusals.ts'

/** Largest request body, in bytes: twice what one record of the log may hold, since JSON escapes. */
export const maxBodyBytes = 2_000_000

/**
 * The JSON object that a request carries; unknown properties are the reader's to ignore.
 * Throws 413 past `maxBodyBytes` and 400 for what is no JSON object in UTF-8.
 */
export async function readJsonObject(request: IncomingMessage): Promise<JsonObject> {
  const bytes = await readBounded(request)
  let value: Json
  try {
    value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw refusals.badRequest('The body is not JSON in UTF-8')
  }
  if (!isJsonObject(value)) throw refusals.badRequest('The body is not a JSON object')
  return value
}

async function readBounded(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw refusals.bodyTooLarge(maxBodyBytes)
  const pieces: Buffer[] = []
  let size = 0
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      size += piece.length
      if (size > maxBodyBytes) break
      pieces.push(piece)
    }
  } catch {
    throw refusals.badRequest('The body ended too early')
  }
  if (size > maxBodyBytes) throw refusals.bodyTooLarge(maxBodyBytes)
  return Buffer.concat(pieces)
}
