// What a socket's or TLS's own words mean for a person: refused, unknown name, wrong certificate, not Kafka.
import { EvplatError, messageOf, systemCode } from '../../core/errors.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'the host is not reachable',
  ENETUNREACH: 'the network is not reachable',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EACCES: 'not allowed by this machine',
}

const untrusted: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
])

function explainTls(code: string, thrown: unknown, at: string): EvplatError | undefined {
  if (untrusted.has(code))
    return new EvplatError('tls-untrusted', `the certificate of ${at} is not signed by a trusted authority`, {
      hint: 'name the authority that signed it: `tls: { ca: FILE }` in platform.yaml',
      details: { reason: code },
    })
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return new EvplatError('tls-untrusted', `the certificate of ${at} is for another host`, { said: messageOf(thrown) })
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return new EvplatError('tls-untrusted', `the certificate of ${at} is not valid today`, {
      details: { reason: code },
    })
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO')
    return new EvplatError('broker-unreachable', `${at} does not speak TLS`, {
      hint: 'the listener may be a plaintext one: leave `tls` out, or name its TLS port',
      details: { reason: code },
    })
  return undefined
}

/** An error event of a socket, as an EvplatError that names the address. */
export function explainSocketError(thrown: unknown, address: Address, withTls: boolean): EvplatError {
  const at = addressText(address)
  const code = systemCode(thrown)
  const tlsError = withTls ? explainTls(code, thrown, at) : undefined
  if (tlsError) return tlsError
  const reason = reasons[code] ?? messageOf(thrown)
  return new EvplatError('broker-unreachable', `${at}: ${reason}`, {
    details: { address: at, reason: code || reason },
    cause: thrown,
  })
}

/** The connection ended while something was waited for. */
export function connectionClosed(address: Address, waitingFor: string): EvplatError {
  const at = addressText(address)
  return new EvplatError('broker-unreachable', `${at} closed the connection during ${waitingFor}`, {
    hint: 'is it a Kafka listener, and is TLS on or off as it should be?',
    details: { address: at, reason: 'closed' },
  })
}

export function timedOut(address: Address, doing: string, timeoutMs: number): EvplatError {
  const at = addressText(address)
  return new EvplatError('broker-unreachable', `${at} did not answer within ${timeoutMs} ms (${doing})`, {
    details: { address: at, reason: 'timeout' },
  })
}

/** A frame that announces an impossible size: something else than Kafka answers. The first bytes tell what. */
export function notKafka(address: Address, start: Buffer): EvplatError {
  const at = addressText(address)
  if (start[0] === 0x15 && start[1] === 3)
    return new EvplatError('broker-unreachable', `${at} expects TLS`, {
      hint: 'set `tls: true` for this environment in platform.yaml',
    })
  const what = start.toString('latin1').startsWith('HTTP') ? 'an HTTP server' : 'something'
  return new EvplatError('broker-unreachable', `${what} answers at ${at} that does not speak Kafka's protocol`)
}
