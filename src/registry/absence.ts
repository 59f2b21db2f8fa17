// What "not found" means in an answer: the thing is not there, or this registry lacks the whole endpoint.
import { isJsonObject } from '../core/json.ts'
import { type Reply, errorCodeOf } from './failures.ts'

/** No such subject, version, schema; none deleted twice; no level or mode of its own. Karapace says 40401 for the last two. */
const absenceCodes = new Set([40401, 40402, 40403, 40408, 40409])

/** Whether the answer says that what was asked for is not there. Some registries leave the error code out. */
export function isAbsent(reply: Reply): boolean {
  const code = errorCodeOf(reply)
  if (code !== undefined) return absenceCodes.has(code)
  return reply.status === 404 && isJsonObject(reply.body ?? null) && 'message' in (reply.body as object)
}

/** Whether the answer says that a softly deleted thing was to be deleted softly again. */
export function isDeletedAlready(reply: Reply): boolean {
  const code = errorCodeOf(reply)
  return code === 40404 || code === 40406
}

/** Whether the registry has no such endpoint, as far as one can tell; a 404 without a code may also mean the thing. */
export function maybeNoEndpoint(reply: Reply): boolean {
  const code = errorCodeOf(reply)
  return (reply.status === 404 || reply.status === 405) && (code === undefined || code === 404 || code === 405)
}
