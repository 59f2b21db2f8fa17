// One connection to a MongoDB server: commands as OP_MSG (mongodb.com/docs/manual/reference/mongodb-wire-protocol), one at a time.
import { type Socket, connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type BsonDocument, decodeBson, encodeBson } from './bson.ts'

export interface MongoServer {
  readonly host: string
  readonly port: number
  readonly tls?: boolean
}

/** What a server does not do: its own words and the number that it has for them. */
export class MongoRefusal extends Error {
  /** https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
  readonly code: number

  constructor(message: string, code: number) {
    super(message)
    this.code = code
  }
}

/** Runs a command on a database and answers what the server says. Throws MongoRefusal where that is no. */
export type Ask = (database: string, command: BsonDocument) => Promise<BsonDocument>

/** how long a connection and each answer may take to one who looks how it does, in milliseconds */
const lookMs = 2000
const opMsg = 2013
const headerBytes = 16
/** what a server may answer to a command at most: 16 MiB of a document, and some */
const mostBytes = 17 * 1024 * 1024

/** Does `work` with a connection, which is closed at the end. Rejects when the server is silent for too long. */
export async function withMongo<T>(
  server: MongoServer,
  work: (ask: Ask) => Promise<T>,
  patienceMs: number = lookMs,
): Promise<T> {
  const { host, port } = server
  const socket = server.tls ? connectTls({ host, port, servername: host }) : connect({ host, port })
  const replies = new Replies(socket, patienceMs)
  let last = 0
  try {
    return await work(async (database, command) => {
      socket.write(message(++last, { ...command, $db: database }))
      const reply = await replies.next(last)
      if (reply['ok'] === 1) return reply
      const { errmsg, code } = reply
      throw new MongoRefusal(typeof errmsg === 'string' ? errmsg : 'it refuses and does not say why', Number(code ?? 0))
    })
  } finally {
    socket.destroy()
  }
}

/** Header, flags, and one section: the document. */
function message(id: number, command: BsonDocument): Buffer {
  const body = encodeBson(command)
  const head = Buffer.alloc(headerBytes + 5)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(id, 4)
  head.writeInt32LE(opMsg, 12)
  return Buffer.concat([head, body])
}

/** Gathers what comes into replies. */
class Replies {
  readonly #socket: Socket
  #bytes: Buffer = Buffer.alloc(0)
  #failure: Error | undefined
  #wake: () => void = () => undefined

  constructor(socket: Socket, patienceMs: number) {
    this.#socket = socket
    const fail = (failure: Error): void => {
      this.#failure ??= failure
      this.#wake()
    }
    socket.on('data', (part) => {
      this.#bytes = Buffer.concat([this.#bytes, part])
      this.#wake()
    })
    socket.on('error', fail)
    socket.on('close', () => fail(new Error('it closed the connection')))
    socket.setTimeout(patienceMs, () => fail(new Error(`no answer within ${patienceMs} ms`)))
  }

  /** The answer to the command with this id. */
  async next(id: number): Promise<BsonDocument> {
    for (;;) {
      const reply = this.#take(id)
      if (reply) return reply
      if (this.#failure) throw this.#failure
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  #take(id: number): BsonDocument | undefined {
    if (this.#bytes.length < headerBytes) return undefined
    const length = this.#bytes.readInt32LE(0)
    const isReply = this.#bytes.readInt32LE(8) === id && this.#bytes.readInt32LE(12) === opMsg
    if (!isReply || length < headerBytes + 5 || length > mostBytes) {
      this.#socket.destroy()
      throw new Error('what answers is no MongoDB server')
    }
    if (this.#bytes.length < length) return undefined
    const reply = decodeBson(this.#bytes.subarray(headerBytes + 5, length))
    this.#bytes = this.#bytes.subarray(length)
    return reply
  }
}
