// The server's half of SCRAM-SHA-256 (RFC 5802, RFC 7677).
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

const iterations = 15_000
const hmac = (key, text) => createHmac('sha256', key).update(text).digest()
const sha = (bytes) => createHash('sha256').update(bytes).digest()
const fields = (text) => Object.fromEntries(text.split(',').map((field) => [field[0], field.slice(2)]))

/** What a server keeps of a password. */
export function verifierOf(password) {
  const salt = randomBytes(28)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const stored = sha(hmac(salted, 'Client Key')).toString('base64')
  return { salt: salt.toString('base64'), stored, server: hmac(salted, 'Server Key').toString('base64') }
}

/** Begins a conversation; `verifiers` gives what is kept of a user, undefined where there is none. */
export function converse(payload, verifierOfUser) {
  const bare = payload.replace(/^[ny],[^,]*,/, '')
  const { n: user, r: clientNonce } = fields(bare)
  // one whom nobody knows is not told so before the end
  const kept = verifierOfUser(user)
  const verifier = kept ?? verifierOf('')
  const nonce = clientNonce + randomBytes(18).toString('base64')
  const first = `r=${nonce},s=${verifier.salt},i=${iterations}`
  return {
    user,
    first,
    /** the last message, or undefined where the password is wrong */
    finish(answer) {
      const { r, p } = fields(answer)
      const auth = `${bare},${first},${answer.replace(/,p=.*$/, '')}`
      const stored = Buffer.from(verifier.stored, 'base64')
      const proof = Buffer.from(p ?? '', 'base64')
      const signature = hmac(stored, auth)
      const key = Buffer.from(signature.map((byte, i) => byte ^ (proof[i] ?? 0)))
      if (kept === undefined || r !== nonce || !timingSafeEqual(sha(key), stored)) return undefined
      return `v=${hmac(Buffer.from(verifier.server, 'base64'), auth).toString('base64')}`
    },
  }
}
