// What goes wrong with a request, as application/problem+json (RFC 9457). Nothing of the inside is told.
import { AvroValueError } from '../../avro/value-error.ts'
import { EvplatError } from '../../core/errors.ts'
import { JsonError } from '../../core/json.ts'
import { KeyError } from '../values/values.ts'
import { pointerOfPath } from './pointer-of-path.ts'

export interface Problem {
  readonly status: number
  readonly title: string
  readonly detail: string
  /** JSON pointer (RFC 6901) into the body */
  readonly pointer?: string
  readonly line?: number
  readonly column?: number
  /** seconds */
  readonly retryAfter?: number
  /** what to do next */
  readonly hint?: string
}

/** A request that is answered by a problem. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

const retryAfter = 5

/** The problem of anything that was thrown; undefined for what is a bug, and nobody's business outside. */
export function problemOf(thrown: unknown): Problem | undefined {
  if (thrown instanceof ProblemError) return thrown.problem
  if (thrown instanceof JsonError)
    return { status: 400, title: 'Bad Request', detail: thrown.fact, line: thrown.line, column: thrown.column }
  if (thrown instanceof KeyError) return { status: 400, title: 'Bad Request', detail: thrown.message }
  if (thrown instanceof AvroValueError)
    return { status: 400, title: 'Bad Request', detail: thrown.message, pointer: pointerOfPath(thrown.path) }
  if (thrown instanceof EvplatError) return problemOfServer(thrown)
  return problemOfFastify(thrown)
}

/** What the broker or the registry is the reason of. Addresses and users are not told. */
function problemOfServer({ code, message, parts }: EvplatError): Problem {
  if (code === 'broker-unreachable')
    return { status: 503, title: 'Service Unavailable', detail: 'no broker takes the event for now', retryAfter }
  if (code === 'registry-unreachable')
    return { status: 503, title: 'Service Unavailable', detail: 'the registry gives no answer for now', retryAfter }
  if (code === 'schema-not-registered')
    return {
      status: 503,
      title: 'Service Unavailable',
      detail: message,
      retryAfter,
      ...(parts.hint !== undefined && { hint: parts.hint }),
    }
  if (parts.details?.['code'] === 'MESSAGE_TOO_LARGE' || parts.details?.['code'] === 'RECORD_LIST_TOO_LARGE')
    return { status: 413, title: 'Content Too Large', detail: 'the event is larger than the topic takes' }
  const server = code.startsWith('registry') ? 'the registry' : 'the broker'
  return { status: 502, title: 'Bad Gateway', detail: `${server} refuses this service: ${code}` }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
}

/** Fastify's errors, and those of routes, say a status; what is not the caller's fault is not told. */
function problemOfFastify(thrown: unknown): Problem | undefined {
  if (!(thrown instanceof Error) || !('statusCode' in thrown) || typeof thrown.statusCode !== 'number') return undefined
  const status = thrown.statusCode
  if (status === 503)
    return { status, title: 'Service Unavailable', detail: 'the service is not ready for this', retryAfter }
  if (status < 400 || status >= 500) return undefined
  return { status, title: titles[status] ?? 'Request Refused', detail: thrown.message }
}

/** Whether somebody who runs the service has to hear of it. */
export function isServersFault(thrown: unknown): boolean {
  return (problemOf(thrown)?.status ?? 500) >= 500
}
