// What a MongoDB server is asked to do: whether it is ready, to become a replica set of its own, to know a user.
import { randomBytes } from 'node:crypto'
import { messageOf } from '../../../core/errors.ts'
import { finalMessage, firstMessage } from '../../../kafka/wire/scram.ts'
import { type Ask, MongoRefusal, type MongoServer, withMongo } from './wire.ts'

export const replicaSet = 'rs0'

export interface Credentials {
  readonly username: string
  readonly password: string
}

/** What a server says of itself. */
export interface Greeting {
  /** it takes writes: a server on its own, or the primary of its set */
  readonly isWritable: boolean
  /** it was started as member of a set, and there is none yet, or none that it belongs to */
  readonly lacksSet: boolean
}

const commandNotFound = 59

/** Asks for nothing but who is there, which needs no user. Before MongoDB 4.4.2 the question and its answer had another name. */
export async function greet(ask: Ask): Promise<Greeting> {
  const answer = await ask('admin', { hello: 1 }).catch((thrown: unknown) => {
    if (!(thrown instanceof MongoRefusal) || thrown.code !== commandNotFound) throw thrown
    return ask('admin', { isMaster: 1 })
  })
  const { isWritablePrimary, ismaster, setName, isreplicaset } = answer
  return {
    isWritable: isWritablePrimary === true || ismaster === true,
    lacksSet: setName === undefined && isreplicaset === true,
  }
}

/** Lets the connection act as a user (SCRAM-SHA-256). Throws MongoRefusal, and `not-authenticated` for a server that does not know the password. */
export async function signIn(ask: Ask, { username, password }: Credentials): Promise<void> {
  const start = { hash: 'sha256', username, password, nonce: randomBytes(18).toString('base64') } as const
  const payloadOf = (reply: Readonly<Record<string, unknown>>): string => String(reply['payload'])
  const first = await ask('admin', {
    saslStart: 1,
    mechanism: 'SCRAM-SHA-256',
    payload: Buffer.from(firstMessage(start)),
    options: { skipEmptyExchange: true },
  })
  const final = finalMessage(start, payloadOf(first))
  const conversationId = first['conversationId'] ?? 1
  const last = await ask('admin', { saslContinue: 1, conversationId, payload: Buffer.from(final.message) })
  final.verify(payloadOf(last))
  if (last['done'] !== true) await ask('admin', { saslContinue: 1, conversationId, payload: Buffer.alloc(0) })
}

const alreadyInitialized = 23

/**
 * Makes a server that was started with `--replSet` a set of itself alone; `address` is how it and its clients call it. Answers a
 * problem when it belongs to a set that calls it otherwise.
 */
export async function initiate(ask: Ask, address: string): Promise<string | undefined> {
  const config = { _id: replicaSet, members: [{ _id: 0, host: address }] }
  try {
    await ask('admin', { replSetInitiate: config })
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof MongoRefusal) || thrown.code !== alreadyInitialized) throw thrown
    return `its data is that of a replica set that does not know it as ${address}: give it the port that it had`
  }
}

const userNotFound = 11

/** Sees to it that a user exists with this password, who may do everything in one database. The connection acts as one who may. */
export async function ensureUser(ask: Ask, database: string, { username, password }: Credentials): Promise<void> {
  const facts = { pwd: password, roles: [{ role: 'dbOwner', db: database }] }
  try {
    await ask(database, { updateUser: username, ...facts })
  } catch (thrown) {
    if (!(thrown instanceof MongoRefusal) || thrown.code !== userNotFound) throw thrown
    await ask(database, { createUser: username, ...facts })
  }
}

/** a new user is on disk before it is answered, and a slow disk takes a while */
const workPatienceMs = 60_000

/** Makes each service a user in a database of its own, both named like it. Throws what the server refuses. */
export function prepareMongo(
  server: MongoServer,
  administrator: Credentials,
  services: readonly Credentials[],
): Promise<void> {
  return withMongo(
    server,
    async (ask) => {
      await signIn(ask, administrator)
      for (const service of services) await ensureUser(ask, service.username, service)
    },
    workPatienceMs,
  )
}

/** Why none of the servers takes writes, or undefined when one does. `own` is how to make a set of a server that lacks one. */
export async function problemOf(
  servers: readonly MongoServer[],
  own?: { readonly address: string; readonly administrator?: Credentials },
): Promise<string | undefined> {
  const problems: string[] = []
  for (const server of servers) {
    const problem = await withMongo(server, async (ask) => {
      const { isWritable, lacksSet } = await greet(ask)
      if (isWritable) return undefined
      if (!lacksSet) return 'it is no primary'
      if (!own) return 'it belongs to no replica set yet'
      if (own.administrator) await signIn(ask, own.administrator)
      return (await initiate(ask, own.address)) ?? 'it becomes a replica set'
    }).catch((thrown: unknown) => {
      // the last one is told as it is
      if (server === servers.at(-1)) throw thrown
      return messageOf(thrown)
    })
    if (problem === undefined) return undefined
    problems.push(problem)
  }
  return problems.at(-1) ?? 'it has no members'
}
