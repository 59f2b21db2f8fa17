// What PostgreSQL keeps of a password (RFC 5803, `rolpassword` of pg_authid): made here, the password itself is in no statement, and so
// in no log of statements that failed.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

const iterations = 4096
const saltBytes = 16

/** `SCRAM-SHA-256$4096:SALT$STOREDKEY:SERVERKEY`, all but the count in base64. The password is ASCII. */
export function verifierOf(
  password: string,
  salt: Buffer = randomBytes(saltBytes),
  rounds: number = iterations,
): string {
  const salted = pbkdf2Sync(password, salt, rounds, 32, 'sha256')
  const keyOf = (text: string): Buffer => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(keyOf('Client Key')).digest()
  const keys = [stored, keyOf('Server Key')].map((key) => key.toString('base64'))
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${keys.join(':')}`
}

/** Whether a verifier, made by whomever, is that of the password. */
export function isVerifierOf(password: string, verifier: string): boolean {
  const [, rounds, salt = ''] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(verifier) ?? []
  return rounds !== undefined && verifierOf(password, Buffer.from(salt, 'base64'), Number(rounds)) === verifier
}
