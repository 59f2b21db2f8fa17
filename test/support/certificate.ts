// Certificates for tests, made on the spot (X.509 v3, RFC 5280, in DER; ECDSA on P-256): nothing to keep, nothing to expire.
import { type KeyObject, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export interface TestCertificate {
  /** PEM */
  readonly cert: string
  /** PEM */
  readonly key: string
}

export interface Authority extends TestCertificate {
  /** A certificate for a server under these names: DNS names and IPv4 addresses. */
  issue(names: readonly string[], options?: { readonly expired?: boolean }): TestCertificate
}

const der = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
const sequence = (...contents: readonly Uint8Array[]): Buffer => der(0x30, ...contents)
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const bitString = (content: Uint8Array): Buffer => der(0x03, Buffer.from([0]), content)
const name = (common: string): Buffer => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(common)))))
const time = (date: Date): Buffer =>
  der(
    0x17,
    Buffer.from(
      `${date
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  )
const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), der(0x04, value))
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
const day = 86_400_000

interface Wanted {
  readonly subject: string
  readonly issuer: string
  readonly publicKey: KeyObject
  readonly signer: KeyObject
  readonly extensions: readonly Buffer[]
  readonly until: number
}

function certificate({ subject, issuer, publicKey, signer, extensions, until }: Wanted): string {
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)])
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    name(issuer),
    sequence(time(new Date(Date.now() - 10 * day)), time(new Date(until))),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signed = sequence(body, ecdsaWithSha256, bitString(sign('sha256', body, signer)))
  const lines = signed.toString('base64').match(/.{1,64}/g)!
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const pair = (): { publicKey: KeyObject; privateKey: KeyObject } => generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** A certificate authority of its own, which nothing trusts unless told to. */
export function createAuthority(common = `test authority ${randomBytes(4).toString('hex')}`): Authority {
  const own = pair()
  const isAuthority = extension('551d13', sequence(der(0x01, Buffer.from([0xff]))))
  const base = { issuer: common, signer: own.privateKey }
  return {
    cert: certificate({
      ...base,
      subject: common,
      publicKey: own.publicKey,
      extensions: [isAuthority],
      until: Date.now() + day,
    }),
    key: pem(own.privateKey),
    issue: (names, { expired = false } = {}) => {
      const { publicKey, privateKey } = pair()
      const alternatives = names.map((each) =>
        /^[\d.]+$/.test(each) ? der(0x87, Buffer.from(each.split('.').map(Number))) : der(0x82, Buffer.from(each)),
      )
      const extensions = [extension('551d11', sequence(...alternatives))]
      const until = Date.now() + (expired ? -day : day)
      return { cert: certificate({ ...base, subject: 'server', publicKey, extensions, until }), key: pem(privateKey) }
    },
  }
}
