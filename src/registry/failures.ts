// What goes wrong between us and a registry, told apart: no answer, a wrong answer, a refusal.
import { type Json, isJsonArray, isJsonObject } from '../core/json.ts'
import { elapsed } from '../core/duration.ts'
import { EvplatError, messageOf, systemCode } from '../core/errors.ts'
import { untrustedCertificate } from '../core/untrusted-certificate.ts'
import type { Target } from './target.ts'

export interface Reply {
  readonly status: number
  /** undefined when the body is no JSON */
  readonly body: Json | undefined
  /** for people: the body as it came, but for the credentials */
  readonly text: string
  /** where a redirection points to */
  readonly location?: string
}

/** No answer came: the reason stands in the message and in `details.reason`. Or it came from one who is not to be trusted (`tls-untrusted`). */
export function unreachable(target: Target, what: string, thrown: unknown): EvplatError {
  const asUntrusted = { server: target.url, hasCa: target.ca !== undefined, key: 'registry.tls.ca' }
  const untrusted = untrustedCertificate(thrown, asUntrusted)
  if (untrusted) return untrusted
  const { reason, text, hint } = reasonOf(target, thrown)
  const start = 'start the local stack with `evplat up`, or check the address of the registry'
  return new EvplatError(
    'registry-unreachable',
    `the registry at "${target.url}" could not be asked for ${what}: ${text}`,
    {
      hint: hint ?? start,
      details: { url: target.url, reason },
      cause: thrown,
    },
  )
}

/** The answer did not come in time. */
export function late(target: Target, what: string, timeoutMs: number, lastStatus: string | undefined): EvplatError {
  const seen = lastStatus === undefined ? '' : ` (the last try: ${lastStatus})`
  return new EvplatError(
    'registry-unreachable',
    `the registry at "${target.url}" did not answer within ${elapsed(timeoutMs)} when asked for ${what}${seen}`,
    {
      hint: 'see whether it is well with `evplat status`, or check the address of the registry',
      details: { url: target.url, reason: 'timeout', timeoutMs },
    },
  )
}

interface Reason {
  readonly reason: 'refused' | 'unknown-host' | 'unrouted' | 'no-tls' | 'lost' | 'not-http' | 'other'
  readonly text: string
  readonly hint?: string
}

const byCode: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: { reason: 'refused', text: 'connection refused' },
  ENOTFOUND: { reason: 'unknown-host', text: 'its host name is not known' },
  EAI_AGAIN: { reason: 'unknown-host', text: 'its host name is not known' },
  ETIMEDOUT: { reason: 'unrouted', text: 'no way to that host' },
  EHOSTUNREACH: { reason: 'unrouted', text: 'no way to that host' },
  ENETUNREACH: { reason: 'unrouted', text: 'no way to that host' },
  ECONNRESET: { reason: 'lost', text: 'the connection was lost' },
  EPIPE: { reason: 'lost', text: 'the connection was lost' },
}

const notHttp: Reason = { reason: 'not-http', text: 'what answers there does not speak HTTP' }

function reasonOf(target: Target, thrown: unknown): Reason {
  const code = systemCode(thrown)
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
    return { reason: 'no-tls', text: 'it does not speak TLS', hint: 'try the address with http:// instead of https://' }
  const known = code.startsWith('HPE_') ? notHttp : (byCode[code] ?? { reason: 'other', text: messageOf(thrown) })
  const perhapsTls = !target.secure && (known.reason === 'lost' || known === notHttp)
  return perhapsTls ? { ...known, hint: 'perhaps it wants https:// instead of http://' } : known
}

/** An answer that is none of a registry's. `why` ends the sentence "something answers there that ...". */
export function notARegistry(target: Target, what: string, why: string, reply: Reply): EvplatError {
  const said = reply.text.trim().slice(0, 300)
  return new EvplatError(
    'registry-not-a-registry',
    `"${target.url}" is no Schema Registry: asked for ${what}, it ${why}`,
    {
      hint: 'check the address of the registry, its port and its path',
      ...(said !== '' && { said }),
      details: { url: target.url, status: reply.status },
    },
  )
}

/** The error for any answer that is not the one hoped for. */
export function refused(target: Target, what: string, reply: Reply): EvplatError {
  const { status, location } = reply
  if (status === 401 || status === 403) return unauthorised(target, what, reply)
  if (location !== undefined) return notARegistry(target, what, `points to "${location}"`, reply)
  const errorCode = errorCodeOf(reply)
  if (status >= 500 && errorCode === undefined) return unavailable(target, what, reply)
  if (!isJsonObject(reply.body ?? null)) return notARegistry(target, what, `answered ${status} without JSON`, reply)
  return new EvplatError('registry-refused', `the registry refused ${what}`, {
    said: saidBy(reply),
    hint:
      status >= 500
        ? 'the reason stands in its own log; `evplat logs schema-registry` shows that of the local stack'
        : 'see what the registry holds with `evplat schemas list`',
    details: { url: target.url, status, ...(errorCode !== undefined && { errorCode }) },
  })
}

/** A gateway before the registry, or a server that is just starting or ending, has no error code to give. */
function unavailable(target: Target, what: string, reply: Reply): EvplatError {
  const fact = `the registry at "${target.url}" could not be asked for ${what}: HTTP ${reply.status}`
  return new EvplatError('registry-unreachable', fact, {
    hint: 'see whether it is well with `evplat status`, or try again in a moment',
    said: saidBy(reply),
    details: { url: target.url, reason: 'unavailable', status: reply.status },
  })
}

function unauthorised(target: Target, what: string, reply: Reply): EvplatError {
  const fact =
    reply.status === 403
      ? `the registry at "${target.url}" does not allow ${what} with these credentials`
      : target.authorization === undefined
        ? `the registry at "${target.url}" wants credentials`
        : `the registry at "${target.url}" does not accept the credentials`
  return new EvplatError('registry-unauthorised', fact, {
    hint: 'set "registry.username" and "registry.password" of the environment in platform.yaml, from ${VARIABLES}',
    said: saidBy(reply),
    details: { url: target.url, status: reply.status },
  })
}

/** `error_code` of a refusal, where the registry gives one. */
export function errorCodeOf({ body = null }: Reply): number | undefined {
  const code = isJsonObject(body) ? body['error_code'] : undefined
  return typeof code === 'number' ? code : undefined
}

/** The registry's own words. Some give a list as the message, some none. */
function saidBy({ body = null, text, status }: Reply): string {
  const message = isJsonObject(body) ? body['message'] : undefined
  if (typeof message === 'string' && message !== '') return message
  if (message !== undefined && isJsonArray(message))
    return message.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  return text.trim().slice(0, 300) || `HTTP ${status}`
}
