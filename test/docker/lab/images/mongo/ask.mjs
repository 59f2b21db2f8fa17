// Asks the server of this container one command, which comes as JSON: `{ credentials?: { user, password }, command }`.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { commandOf, cutter, message } from './wire.mjs'

const { credentials, command } = JSON.parse(readFileSync(0, 'utf8'))
const socket = connect(27017, '127.0.0.1')
await once(socket, 'connect')
const cut = cutter()
const whole = []
socket.on('data', (part) => {
  whole.push(...cut(part))
  if (whole.length > 0) socket.emit('whole')
})

async function ask(document) {
  socket.write(message(1, 0, { ...document, $db: 'admin' }))
  if (whole.length === 0) await once(socket, 'whole')
  return commandOf(whole.shift())
}

const hmac = (key, text) => createHmac('sha256', key).update(text).digest()

/** The client's half of SCRAM-SHA-256. */
async function signIn({ user, password }) {
  const bare = `n=${user},r=${randomBytes(18).toString('base64')}`
  const options = { skipEmptyExchange: true }
  const first = await ask({ saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: Buffer.from(`n,,${bare}`), options })
  if (first.ok !== 1) return first
  const challenge = String(first.payload)
  const [, nonce, salt, count] = /^r=([^,]*),s=([^,]*),i=(\d+)$/.exec(challenge)
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(count), 32, 'sha256')
  const key = hmac(salted, 'Client Key')
  const signature = hmac(createHash('sha256').update(key).digest(), `${bare},${challenge},c=biws,r=${nonce}`)
  const proof = Buffer.from(key.map((byte, i) => byte ^ signature[i])).toString('base64')
  return ask({ saslContinue: 1, conversationId: 1, payload: Buffer.from(`c=biws,r=${nonce},p=${proof}`) })
}

const signedIn = credentials ? await signIn(credentials) : { ok: 1 }
console.log(JSON.stringify(signedIn.ok === 1 ? await ask(command) : signedIn))
socket.end()
