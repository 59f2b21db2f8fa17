// What this stand-in answers itself: who is there, who may, and whether there is a replica set. The rest is mongo-java-server's.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { converse, verifierOf } from './scram.mjs'

const file = '/data/db/stand-in.json'

/** Users by `database.name`, and the name and member of the set: kept like all that is in the volume. */
function load() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return { users: {} }
    throw error
  }
}

const refuse = (code, codeName, errmsg) => ({ ok: 0, errmsg, code, codeName })

/** Commands that need no user. */
const open = new Set(['hello', 'ismaster', 'isMaster', 'ping', 'buildInfo', 'saslStart', 'saslContinue'])

/** `replSet` is what mongod was told; `root` the administrator, whom a fresh server makes. */
export function standIn({ replSet, hasAuth, root }) {
  const state = load()
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify(state))
    renameSync(`${file}.new`, file)
  }
  if (root !== undefined && !(`admin.${root.user}` in state.users)) {
    state.users[`admin.${root.user}`] = verifierOf(root.password)
    save()
  }

  function hello() {
    const facts = {
      maxBsonObjectSize: 16777216,
      maxMessageSizeBytes: 48000000,
      maxWriteBatchSize: 100000,
      localTime: new Date(),
    }
    const known = { ...facts, minWireVersion: 0, maxWireVersion: 25, readOnly: false, ok: 1 }
    if (replSet === undefined) return { isWritablePrimary: true, ...known }
    const { set } = state
    if (set === undefined)
      return {
        isWritablePrimary: false,
        secondary: false,
        info: 'Does not have a valid replica set config',
        isreplicaset: true,
        ...known,
      }
    return {
      isWritablePrimary: true,
      secondary: false,
      setName: set.name,
      hosts: [set.host],
      primary: set.host,
      me: set.host,
      ...known,
    }
  }

  function initiate({ replSetInitiate: config }) {
    if (replSet === undefined)
      return refuse(76, 'NoReplicationEnabled', 'This node was not started with replication enabled.')
    if (state.set !== undefined) return refuse(23, 'AlreadyInitialized', 'already initialized')
    if (config?._id !== replSet)
      return refuse(
        93,
        'InvalidReplicaSetConfig',
        'Rejecting initiate with a set name that differs from command line set name',
      )
    state.set = { name: replSet, host: config.members[0].host }
    save()
    return { ok: 1 }
  }

  function setUser(database, name, { pwd }, isNew) {
    const key = `${database}.${name}`
    if (isNew && key in state.users) return refuse(51003, 'Location51003', `User "${name}@${database}" already exists`)
    if (!isNew && !(key in state.users))
      return refuse(11, 'UserNotFound', `Could not find user "${name}" for db "${database}"`)
    if (pwd !== undefined) state.users[key] = verifierOf(pwd)
    save()
    return { ok: 1 }
  }

  function signIn(session, command) {
    const failed = refuse(18, 'AuthenticationFailed', 'Authentication failed.')
    const payload = Buffer.from(command.payload ?? '').toString()
    const reply = (text, done) => ({ conversationId: 1, done, payload: Buffer.from(text), ok: 1 })
    if ('saslStart' in command) {
      if (command.mechanism !== 'SCRAM-SHA-256')
        return refuse(334, 'MechanismUnavailable', `${command.mechanism} is not known here`)
      session.skipsEmpty = command.options?.skipEmptyExchange === true
      session.talk = converse(payload, (user) => state.users[`${command.$db}.${user}`])
      return reply(session.talk.first, false)
    }
    if (session.user !== undefined && payload === '') return reply('', true)
    const last = session.talk?.finish(payload)
    if (last === undefined) return failed
    session.user = session.talk.user
    return reply(last, session.skipsEmpty)
  }

  /** The answer to a command, or undefined where mongo-java-server has it. */
  return function answer(session, command) {
    const [name] = Object.keys(command)
    if (hasAuth && session.user === undefined && !open.has(name))
      return refuse(13, 'Unauthorized', `Command ${name} requires authentication`)
    switch (name) {
      case 'hello':
        return hello()
      case 'ismaster':
      case 'isMaster':
        return { ismaster: hello().isWritablePrimary, helloOk: true, ...hello() }
      case 'saslStart':
      case 'saslContinue':
        return signIn(session, command)
      case 'replSetInitiate':
        return initiate(command)
      case 'createUser':
      case 'updateUser':
        return setUser(command.$db, command[name], command, name === 'createUser')
      default:
        return undefined
    }
  }
}
