// SCRAM (RFC 5802, RFC 7677) on the client's side, as Kafka and MongoDB use it: no channel binding.
import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import { EvplatError } from '../../core/errors.ts'

export interface ScramStart {
  readonly hash: 'sha256' | 'sha512'
  readonly username: string
  readonly password: string
  /** random printable text without a comma */
  readonly nonce: string
}

function refuse(why: string): EvplatError {
  return new EvplatError('not-authenticated', `the server's SCRAM answer is wrong: ${why}`)
}

function attributes(message: string): ReadonlyMap<string, string> {
  return new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]))
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ b[i]!))
}

const escapeName = (name: string): string => name.replaceAll('=', '=3D').replaceAll(',', '=2C')

function bareFirst({ username, nonce }: ScramStart): string {
  return `n=${escapeName(username)},r=${nonce}`
}

/** The first message to the server. */
export function firstMessage(start: ScramStart): string {
  return `n,,${bareFirst(start)}`
}

/** The final message to the server, and the check of what it answers. Throws when its first answer can't be trusted. */
export function finalMessage(
  start: ScramStart,
  serverFirst: string,
): { message: string; verify: (serverFinal: string) => void } {
  const given = attributes(serverFirst)
  const nonce = given.get('r') ?? ''
  const iterations = Number(given.get('i'))
  if (!nonce.startsWith(start.nonce) || nonce === start.nonce) throw refuse('it has another nonce')
  if (!(iterations >= 4096 && iterations <= 1_000_000)) throw refuse(`${iterations} iterations`)
  const salt = Buffer.from(given.get('s') ?? '', 'base64')
  const size = start.hash === 'sha256' ? 32 : 64
  const salted = pbkdf2Sync(start.password.normalize('NFKC'), salt, iterations, size, start.hash)
  const hmac = (key: Buffer, text: string): Buffer => createHmac(start.hash, key).update(text).digest()
  const clientKey = hmac(salted, 'Client Key')
  const withoutProof = `c=${Buffer.from('n,,').toString('base64')},r=${nonce}`
  const signed = `${bareFirst(start)},${serverFirst},${withoutProof}`
  const storedKey = createHash(start.hash).update(clientKey).digest()
  const proof = xor(clientKey, hmac(storedKey, signed)).toString('base64')
  return {
    message: `${withoutProof},p=${proof}`,
    verify(serverFinal) {
      const expected = hmac(hmac(salted, 'Server Key'), signed)
      const signature = Buffer.from(attributes(serverFinal).get('v') ?? '', 'base64')
      if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) throw refuse('its signature')
    },
  }
}
