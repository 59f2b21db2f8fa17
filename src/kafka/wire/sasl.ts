// Authentication on a fresh connection (KIP-152): handshake, then the mechanism's own messages.
import { randomBytes } from 'node:crypto'
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { EvplatError } from '../../core/errors.ts'
import type { Api, RequestOf, ResponseOf } from '../../protocol/api.ts'
import { errorName } from '../../protocol/error-table.ts'
import { saslAuthenticate } from '../../protocol/messages/sasl-authenticate.ts'
import { saslHandshake } from '../../protocol/messages/sasl-handshake.ts'
import { finalMessage, firstMessage } from './scram.ts'
import { type Address, addressText } from './socket-errors.ts'

type Sasl = NonNullable<ClusterSettings['sasl']>

interface Sender {
  readonly address: Address
  send<A extends Api>(api: A, body: RequestOf<A>, limits: { readonly timeoutMs: number }): Promise<ResponseOf<A>>
}

async function step(connection: Sender, message: string, timeoutMs: number, sasl: Sasl): Promise<string> {
  const answer = await connection.send(saslAuthenticate, { authBytes: Buffer.from(message) }, { timeoutMs })
  if (answer.errorCode !== 0)
    throw new EvplatError('not-authenticated', `${addressText(connection.address)} refuses user "${sasl.username}"`, {
      ...(answer.errorMessage !== null && { said: answer.errorMessage }),
      hint: 'check user name, password and mechanism of this environment',
      details: { code: errorName(answer.errorCode), mechanism: sasl.mechanism },
    })
  return answer.authBytes.toString()
}

async function scram(connection: Sender, sasl: Sasl, timeoutMs: number): Promise<void> {
  const start = {
    hash: sasl.mechanism === 'scram-sha-256' ? 'sha256' : 'sha512',
    username: sasl.username,
    password: sasl.password,
    nonce: randomBytes(18).toString('base64'),
  } as const
  const serverFirst = await step(connection, firstMessage(start), timeoutMs, sasl)
  const { message, verify } = finalMessage(start, serverFirst)
  verify(await step(connection, message, timeoutMs, sasl))
}

/** Authenticates, or throws `not-authenticated` with the broker's own words. */
export async function authenticate(connection: Sender, sasl: Sasl, timeoutMs: number): Promise<void> {
  const mechanism = sasl.mechanism.toUpperCase()
  const { errorCode, mechanisms } = await connection.send(saslHandshake, { mechanism }, { timeoutMs })
  if (errorCode !== 0)
    throw new EvplatError('not-authenticated', `${addressText(connection.address)} does not offer ${mechanism}`, {
      hint:
        mechanisms.length > 0
          ? `it offers ${mechanisms.join(', ')}`
          : 'it takes no users: leave `sasl` out, or name another listener',
      details: { code: errorName(errorCode) },
    })
  if (sasl.mechanism === 'plain') await step(connection, `\0${sasl.username}\0${sasl.password}`, timeoutMs, sasl)
  else await scram(connection, sasl, timeoutMs)
}
