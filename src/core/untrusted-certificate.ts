// Why the certificate of a server is not trusted, and what to do about it: the same for brokers and registries.
import { EvplatError, systemCode } from './errors.ts'

export interface Untrusted {
  /** the server for people: an address or a URL */
  readonly server: string
  /** whether a CA was named; without one the system's authorities count */
  readonly hasCa: boolean
  /** where in platform.yaml the CA is named: `kafka.tls.ca` */
  readonly key: string
}

/** What OpenSSL says when nobody who is trusted has signed: the chain ends nowhere, or in an authority that is not known. */
const unsigned = /SELF_SIGNED_CERT|^UNABLE_TO_|^CERT_SIGNATURE_FAILURE$|^CERT_UNTRUSTED$|^CERT_REJECTED$|^INVALID_CA$/

/** Names that the certificate of a failed handshake holds, as Node shows them: `DNS:kafka.example, IP Address:10.0.0.1`. */
function namesIn(thrown: unknown): string {
  const certificate: unknown = thrown instanceof Error && 'cert' in thrown ? thrown.cert : undefined
  if (typeof certificate !== 'object' || certificate === null || !('subjectaltname' in certificate)) return ''
  return typeof certificate.subjectaltname === 'string' ? certificate.subjectaltname : ''
}

/** The error `tls-untrusted` for what TLS has thrown, or undefined for anything else. */
export function untrustedCertificate(thrown: unknown, { server, hasCa, key }: Untrusted): EvplatError | undefined {
  const code = systemCode(thrown)
  const refuse = (fact: string, hint: string): EvplatError =>
    new EvplatError('tls-untrusted', `the certificate of ${server} is ${fact}`, {
      hint,
      details: { reason: code },
      cause: thrown,
    })
  if (unsigned.test(code))
    return hasCa
      ? refuse(
          'not signed by the authority that was named',
          `is the file of \`${key}\` the one that belongs to this server?`,
        )
      : refuse(
          'not signed by a trusted authority',
          `name the certificate of the one that signed it: \`${key}\` in platform.yaml`,
        )
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = namesIn(thrown)
    return refuse(
      `for another host${names === '' ? '' : `: ${names}`}`,
      'reach it by a name that stands in its certificate',
    )
  }
  if (code === 'CERT_HAS_EXPIRED')
    return refuse('not valid any more', 'the server needs a new one; or is the clock of this machine wrong?')
  if (code === 'CERT_NOT_YET_VALID') return refuse('not valid yet', 'is the clock of this machine wrong?')
  return /^CERT_|^ERR_TLS_CERT_|^ERR_OSSL_/.test(code)
    ? refuse(`not to be trusted (${code})`, `look at \`${key}\`, and at the server's certificate`)
    : undefined
}
