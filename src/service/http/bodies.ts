// Bodies in and answers out, with whole numbers exact beyond 2^53.
import type { FastifyInstance } from 'fastify'
import { type Json, parseJson, stringifyJson } from '../../core/json.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads JSON, text and bytes; other content types are refused. Throws a JsonError, with line and column, for what is no JSON. */
export function useExactJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^application\/([\w.-]+\+)?json\b/,
    { parseAs: 'buffer' },
    reads((body) => parseJson(utf8Text(body))),
  )
  app.addContentTypeParser('text/plain', { parseAs: 'buffer' }, reads(utf8Text))
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer' },
    reads((body) => body),
  )
  app.setReplySerializer((payload) => answerText(payload))
}

/** A parser that needs no promise. */
function reads(read: (body: Buffer) => unknown) {
  return (_request: unknown, body: Buffer, done: (error: Error | null, value?: unknown) => void): void => {
    let value
    try {
      value = read(body)
    } catch (thrown) {
      done(thrown as Error)
      return
    }
    done(null, value)
  }
}

function utf8Text(body: Buffer): string {
  try {
    return utf8.decode(body)
  } catch {
    throw Object.assign(new Error('the body is no UTF-8'), { statusCode: 400 })
  }
}

/** JSON.stringify writes all but bigints, and tells those. */
function answerText(payload: unknown): string {
  try {
    return JSON.stringify(payload)
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown
    return stringifyJson(asJson(payload))
  }
}

/** What JSON.stringify would make of it, bigints kept. Throws a RangeError for what contains itself. */
function asJson(value: unknown): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object' || value === null) return isWritten(value) ? (value as Json) : null
  if ('toJSON' in value && typeof value.toJSON === 'function') return asJson(value.toJSON())
  if (Array.isArray(value)) return value.map(asJson)
  const kept = Object.entries(value).filter(([, member]) => isWritten(member))
  return Object.fromEntries(kept.map(([key, member]) => [key, asJson(member)]))
}

const isWritten = (value: unknown): boolean => !['undefined', 'function', 'symbol'].includes(typeof value)
