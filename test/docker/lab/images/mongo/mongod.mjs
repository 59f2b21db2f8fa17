// Stands in for mongod: commands on users, replica set and greeting are answered here, others by mongo-java-server behind it.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { parseArgs } from 'node:util'
import { standIn } from './commands.mjs'
import { commandOf, cutter, message } from './wire.mjs'

const text = { type: 'string' }
const options = { replSet: text, keyFile: text, auth: { type: 'boolean' } }
const { values } = parseArgs({ options, strict: false, allowPositionals: true })
const { MONGO_INITDB_ROOT_USERNAME: user, MONGO_INITDB_ROOT_PASSWORD: password } = process.env
// neither the process list nor a child sees it
delete process.env.MONGO_INITDB_ROOT_PASSWORD
if (values.keyFile !== undefined) readFileSync(values.keyFile)

const answer = standIn({
  replSet: values.replSet,
  hasAuth: values.auth === true || values.keyFile !== undefined || user !== undefined,
  ...(user !== undefined && { root: { user, password } }),
})

const port = 27017
const behindHost = '127.0.0.2'
// it listens on `localhost` and nowhere else: the file makes that another address than the one that is served here
const jvm = ['-Xmx64M', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djdk.net.hosts.file=/opt/mongo/hosts']
const main = ['-cp', '/opt/mongo/*', 'de.bwaldvogel.mongo.InMemoryMongoServer']
const server = spawn('java', [...jvm, ...main], { stdio: ['ignore', 'inherit', 'inherit'] })
server.once('exit', (code) => process.exit(code ?? 1))
for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, () => {
    console.log(`{"s":"I","msg":"Received signal","attr":{"signal":"${signal}"}}`)
    server.removeAllListeners('exit').kill('SIGKILL')
    process.exit(0)
  })

let lastId = 0

/** Serves one client; what is not answered here goes to the server behind and comes back as it is. */
function serve(socket) {
  const session = {}
  const cut = cutter()
  const behind = connect(port, behindHost)
  const end = () => {
    socket.destroy()
    behind.destroy()
  }
  for (const side of [socket, behind]) side.on('error', end).on('close', end)
  behind.on('data', (part) => socket.write(part))
  socket.on('data', (part) => {
    for (const bytes of cut(part)) {
      const command = commandOf(bytes)
      const reply = command && answer(session, command)
      if (reply === undefined) behind.write(bytes)
      else socket.write(message(++lastId, bytes.readInt32LE(4), reply))
    }
  })
}

function serveWhenReady() {
  const trial = connect(port, behindHost)
  trial.once('error', () => setTimeout(serveWhenReady, 50))
  trial.once('connect', () => {
    trial.destroy()
    const addresses = Object.values(networkInterfaces()).flat()
    for (const { address, family } of addresses) if (family === 'IPv4') createServer(serve).listen(port, address)
    console.log('{"s":"I","msg":"Waiting for connections","attr":{"port":27017}}')
  })
}
serveWhenReady()
