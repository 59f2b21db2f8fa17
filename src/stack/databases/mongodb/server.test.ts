// The conversations with MongoDB that no server of its protocol in a package registry knows. The answers are those of MongoDB's manual
// and of its source; the side of the server in SCRAM is computed here from RFC 5802.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { BsonDocument } from './bson.ts'
import { ensureUser, greet, initiate, signIn } from './server.ts'
import { type Ask, MongoRefusal } from './wire.ts'

/** Answers commands one by one, and keeps what was asked. */
function scripted(...answers: readonly (BsonDocument | MongoRefusal)[]): { ask: Ask; asked: [string, BsonDocument][] } {
  const asked: [string, BsonDocument][] = []
  const ask: Ask = (database, command) => {
    const answer = answers[asked.push([database, command]) - 1]!
    return answer instanceof MongoRefusal ? Promise.reject(answer) : Promise.resolve(answer)
  }
  return { ask, asked }
}

describe('a greeting', () => {
  test.each([
    ['a server on its own', { isWritablePrimary: true }, { isWritable: true, lacksSet: false }],
    ['a member without a set', { isWritablePrimary: false, isreplicaset: true }, { isWritable: false, lacksSet: true }],
    [
      'a secondary',
      { isWritablePrimary: false, secondary: true, setName: 'rs0' },
      { isWritable: false, lacksSet: false },
    ],
    ['a primary', { isWritablePrimary: true, setName: 'rs0' }, { isWritable: true, lacksSet: false }],
  ])('of %s is understood', async (_, answer, meaning) => {
    const { ask, asked } = scripted(answer)
    expect(await greet(ask)).toEqual(meaning)
    expect(asked).toEqual([['admin', { hello: 1 }]])
  })
})

describe('a set of one', () => {
  test('is made under the address that clients have', async () => {
    const { ask, asked } = scripted({ ok: 1 })
    expect(await initiate(ask, '127.0.0.1:27017')).toBeUndefined()
    const config = { _id: 'rs0', members: [{ _id: 0, host: '127.0.0.1:27017' }] }
    expect(asked).toEqual([['admin', { replSetInitiate: config }]])
  })

  test('that was made under another address is told', async () => {
    const { ask } = scripted(new MongoRefusal('already initialized', 23))
    expect(await initiate(ask, '127.0.0.1:27018')).toContain('does not know it as 127.0.0.1:27018')
    await expect(initiate(scripted(new MongoRefusal('not authorized', 13)).ask, 'x')).rejects.toThrow('not authorized')
  })
})

describe('a user', () => {
  const facts = { pwd: 'secret', roles: [{ role: 'dbOwner', db: 'orders' }] }
  const user = { username: 'orders', password: 'secret' }

  test('that is there keeps its name and gets its password', async () => {
    const { ask, asked } = scripted({ ok: 1 })
    await ensureUser(ask, 'orders', user)
    expect(asked).toEqual([['orders', { updateUser: 'orders', ...facts }]])
  })

  test('that is not there is made', async () => {
    const { ask, asked } = scripted(new MongoRefusal('User not found', 11), { ok: 1 })
    await ensureUser(ask, 'orders', user)
    expect(asked[1]).toEqual(['orders', { createUser: 'orders', ...facts }])
  })
})

/** The side of the server: it knows the password, and says so only to who does. */
function scramServer(password: string): Ask {
  const salt = Buffer.from('a salt of sixteen')
  const salted = pbkdf2Sync(password, salt, 15_000, 32, 'sha256')
  const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
  let [bare, first] = ['', '']
  return (_, command) => {
    const payload = String(command['payload'])
    if (command['saslStart'] === 1) {
      bare = payload.slice('n,,'.length)
      first = `r=${/r=(.*)$/.exec(bare)![1]}more,s=${salt.toString('base64')},i=15000`
      return Promise.resolve({ conversationId: 7, done: false, payload: Buffer.from(first) })
    }
    expect(command['conversationId']).toBe(7)
    const [withoutProof, proof] = payload.split(',p=')
    const signed = `${bare},${first},${withoutProof}`
    const clientKey = hmac(salted, 'Client Key')
    const signature = hmac(createHash('sha256').update(clientKey).digest(), signed)
    const expected = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!)).toString('base64')
    if (proof !== expected) return Promise.reject(new MongoRefusal('Authentication failed.', 18))
    const final = `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`
    return Promise.resolve({ conversationId: 7, done: true, payload: Buffer.from(final) })
  }
}

test('who knows the password is let in', async () => {
  await signIn(scramServer('secret'), { username: 'root', password: 'secret' })
  await expect(signIn(scramServer('secret'), { username: 'root', password: 'guess' })).rejects.toThrow(
    'Authentication failed.',
  )
})
