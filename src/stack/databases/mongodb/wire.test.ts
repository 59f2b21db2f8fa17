import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { encodeBson } from './bson.ts'
import { type MongoServer, withMongo } from './wire.ts'

/** A server that answers every command with `{ ok: 1 }`, after a while. */
async function slowServer(afterMs: number): Promise<MongoServer> {
  const server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (command) => {
        const body = encodeBson({ ok: 1 })
        const head = Buffer.alloc(21)
        head.writeInt32LE(head.length + body.length, 0)
        head.writeInt32LE(command.readInt32LE(4), 8)
        head.writeInt32LE(2013, 12)
        setTimeout(() => socket.write(Buffer.concat([head, body])), afterMs)
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

test('an answer is waited for as long as the work may take, a look is short', async () => {
  const server = await slowServer(300)
  const ping = (patienceMs: number): Promise<unknown> =>
    withMongo(server, (ask) => ask('admin', { ping: 1 }), patienceMs)
  await expect(ping(100)).rejects.toThrow('no answer within 100 ms')
  expect(await ping(10_000)).toEqual({ ok: 1 })
})
