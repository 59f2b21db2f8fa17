// What a socket's or TLS's own words mean for a person: refused, unknown name, wrong certificate, not Kafka.
import type { TlsSettings } from '../../core/connection-settings.ts'
import { elapsed } from '../../core/duration.ts'
import { EvplatError, messageOf, systemCode } from '../../core/errors.ts'
import { untrustedCertificate } from '../../core/untrusted-certificate.ts'

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

/** where an address comes from, when nothing is known of the cluster but that */
const checkAddress = 'check the address: `--bootstrap`, or `kafka.bootstrap` of the environment in platform.yaml'

const mayBePlaintext = 'the listener may be a plaintext one: leave `tls` out, or name its TLS port'

function explainTls(thrown: unknown, at: string, { ca }: TlsSettings): EvplatError | undefined {
  const code = systemCode(thrown)
  const untrusted = untrustedCertificate(thrown, { server: at, hasCa: ca !== undefined, key: 'kafka.tls.ca' })
  if (untrusted) return untrusted
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO')
    return new EvplatError('broker-unreachable', `${at} does not speak TLS`, {
      hint: mayBePlaintext,
      details: { reason: code },
    })
  return undefined
}

/** An error event of a socket, as an EvplatError that names the address. `tls` as far as the socket uses it. */
export function explainSocketError(thrown: unknown, address: Address, tls: TlsSettings | undefined): EvplatError {
  const at = addressText(address)
  const code = systemCode(thrown)
  const tlsError = tls && explainTls(thrown, at, tls)
  if (tlsError) return tlsError
  const reason = reasons[code] ?? messageOf(thrown)
  return new EvplatError('broker-unreachable', `${at}: ${reason}`, {
    hint: checkAddress,
    details: { address: at, reason: code || reason },
    cause: thrown,
  })
}

/** An error of a socket before it is connected. A broker takes the TLS of a client for a request of impossible size, and hangs up. */
export function explainDialError(thrown: unknown, address: Address, tls: TlsSettings | undefined): EvplatError {
  if (!tls || systemCode(thrown) !== 'ECONNRESET') return explainSocketError(thrown, address, tls)
  const at = addressText(address)
  return new EvplatError('broker-unreachable', `${at} cuts the connection when TLS begins`, {
    hint: mayBePlaintext,
    details: { address: at, reason: 'ECONNRESET' },
    cause: thrown,
  })
}

/** The connection ended while something was waited for. */
export function connectionClosed(
  address: Address,
  waitingFor: string,
  hint = 'is it a Kafka listener, and is TLS on or off as it should be?',
): EvplatError {
  const at = addressText(address)
  return new EvplatError('broker-unreachable', `${at} closed the connection during ${waitingFor}`, {
    hint,
    details: { address: at, reason: 'closed' },
  })
}

export function isUnreachable(thrown: unknown): thrown is EvplatError {
  return thrown instanceof EvplatError && thrown.code === 'broker-unreachable'
}

/** Whether a socket's error says that the other side ended the connection, in the middle of something. */
export function isReset(thrown: unknown): boolean {
  return ['ECONNRESET', 'EPIPE'].includes(systemCode(thrown))
}

/** Whether a connection that was there ended under a request: nobody knows then whether the broker has heard it. */
export function isBroken(thrown: unknown): thrown is EvplatError {
  return isUnreachable(thrown) && thrown.parts.details?.['reason'] === 'closed'
}

export function timedOut(address: Address, doing: string, timeoutMs: number): EvplatError {
  const at = addressText(address)
  return new EvplatError('broker-unreachable', `${at} did not answer within ${elapsed(timeoutMs)} (${doing})`, {
    hint: `is it well, and is it a broker? ${checkAddress}`,
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
  const what = start.toString('latin1').startsWith('HTTP')
    ? 'an HTTP server'
    : "something that does not speak Kafka's protocol"
  return new EvplatError('broker-unreachable', `what answers at ${at} is no broker, but ${what}`, {
    hint: checkAddress,
  })
}

/** An answer of a possible size whose content can't be. */
export function unreadable(address: Address, request: string, thrown: unknown): unknown {
  if (!(thrown instanceof EvplatError)) return thrown
  const at = addressText(address)
  return new EvplatError('malformed-message', `the answer of ${at} to ${request} can't be read: ${thrown.message}`, {
    hint: 'is it a broker of Kafka, and does nothing on the way change what it says?',
    details: { address: at, request },
  })
}
