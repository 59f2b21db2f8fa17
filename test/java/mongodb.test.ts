// MongoDB without docker, with mongo-java-server in its place: a foreign implementation of the wire protocol, in memory. It stands
// where `mongod` does on the PATH, and where MONGODB_URI leads. It knows the greeting of old MongoDBs only, and has
// neither replica sets nor users: how a set is initiated and
// how users are made needs a real MongoDB.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { MongoRefusal, type MongoServer, withMongo } from '../../src/stack/databases/mongodb/wire.ts'
import { problemOf, signIn } from '../../src/stack/databases/mongodb/server.ts'
import { temporaryFolder } from '../support/evplat.ts'
import { writeProgram } from '../support/fake-program.ts'
import { classPathOf } from '../support/maven.ts'
import { skipNote } from '../support/native-runtime.ts'
import { type Platform, leftovers, newPlatform, removePlatforms } from '../support/platforms.ts'
import { freePort } from '../support/free-port.ts'
import { serveTcp } from '../support/strangers.ts'

const jars = await classPathOf('mongo-java-server-1.47.0', ['de.bwaldvogel:mongo-java-server:1.47.0'])
const missing = 'missing' in jars ? jars.missing : undefined
const classPath = 'value' in jars ? jars.value : ''
const judge = resolve('test/java/MongoJudge.java')

interface Judge {
  readonly server: MongoServer
  readonly stop: () => Promise<void>
}

async function startJudge(): Promise<Judge> {
  const port = await freePort()
  const java = spawn('java', ['-cp', classPath, judge, String(port)], { stdio: ['ignore', 'pipe', 'ignore'] })
  const closed = once(java, 'close')
  await Promise.race([
    once(java.stdout, 'data'),
    closed.then(([code]) => Promise.reject(new Error(`it ended with ${code}`))),
  ])
  const stop = async (): Promise<void> => {
    java.kill()
    await closed
  }
  return { server: { host: '127.0.0.1', port }, stop }
}

const newShop = (env: Readonly<Record<string, string>>): Promise<Platform> =>
  newPlatform({ runtime: 'embedded', services: 'orders: { database: mongodb }', env })

const mongoOf = async (platform: Platform): Promise<unknown> =>
  (await platform.status()).servers.find(({ name }) => name === 'mongodb')

describe.skipIf(missing !== undefined)(`MongoDB${skipNote(missing)}`, () => {
  let running: Judge
  beforeAll(async () => {
    running = await startJudge()
  })
  afterAll(() => running.stop())
  afterEach(removePlatforms)

  test('answers commands, and says what it refuses', async () => {
    const placed = { _id: 1, lines: [1.5, null, 5n, new Date(0), true], note: 'größer', of: { a: Buffer.of(1, 2) } }
    await withMongo(running.server, async (ask) => {
      expect(await ask('shop', { insert: 'orders', documents: [placed] })).toMatchObject({ n: 1 })
      const { cursor } = await ask('shop', { find: 'orders' })
      expect(cursor).toMatchObject({ firstBatch: [placed] })
      await expect(ask('shop', { noSuchCommand: 1 })).rejects.toThrow(MongoRefusal)
      await expect(signIn(ask, { username: 'ann', password: 'secret' })).rejects.toThrow(MongoRefusal)
    })
  })

  test('is ready when one member takes writes', async () => {
    const nowhere = { host: '127.0.0.1', port: await freePort() }
    expect(await problemOf([running.server])).toBeUndefined()
    expect(await problemOf([nowhere, running.server])).toBeUndefined()
    await expect(problemOf([nowhere])).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('is not taken for what else answers, or answers nothing', async () => {
    const port = await serveTcp((socket) => void socket.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'))
    await expect(problemOf([{ host: '127.0.0.1', port }])).rejects.toThrow('what answers is no MongoDB server')
    const closing = await serveTcp((socket) => socket.end())
    await expect(problemOf([{ host: '127.0.0.1', port: closing }])).rejects.toThrow('it closed the connection')
    const silent = await serveTcp(() => undefined)
    await expect(problemOf([{ host: '127.0.0.1', port: silent }])).rejects.toThrow('no answer within 2000 ms')
  })

  test('of others is looked at, and neither started nor stopped; its password is told nowhere', async () => {
    const own = await startJudge()
    onTestFinished(own.stop)
    const address = `127.0.0.1:${own.server.port}`
    const platform = await newShop({ MONGODB_URI: `mongodb://ann:s3cret@${address}/shop?authSource=admin` })
    const up = await platform.succeed('up')
    expect(up.stderr).toContain(`mongodb is at mongodb://${address}/\n`)
    const ready = { name: 'mongodb', endpoint: `mongodb://${address}/`, state: 'ready', detail: 'named by MONGODB_URI' }
    expect(await mongoOf(platform)).toEqual(ready)
    expect((await platform.succeed('up')).stderr).toBe('')
    expect(up.stdout + up.stderr + readFileSync(join(platform.folder, '.evplat/stack.json'), 'utf8')).not.toMatch(
      /ann|s3cret/,
    )
    await own.stop()
    expect(await mongoOf(platform)).toEqual({
      ...ready,
      state: 'failed',
      detail: 'named by MONGODB_URI: nothing listens there yet',
    })
    expect((await platform.run('status')).stdout).not.toContain('evplat logs mongodb')
    expect((await platform.succeed('restart', 'mongodb')).stderr).toContain(
      `mongodb at mongodb://${address}/ is not ready: nothing listens there yet\n`,
    )
  })

  test('is the `mongod` on the PATH, started as a replica set of one on this machine alone', async () => {
    const folder = temporaryFolder()
    const told = join(folder, 'arguments')
    await writeProgram(
      join(folder, 'mongod'),
      `echo "$@" >'${told}'\nwhile [ "$1" != --port ]; do shift; done\nexec java -cp '${classPath}' '${judge}' "$2"`,
    )
    const platform = await newShop({ PATH: [folder, process.env['PATH']].join(delimiter), MONGODB_URI: '' })
    await platform.succeed('up')
    const { port } = new URL(`http://${await platform.endpoint('mongodb')}`)
    const data = join(platform.folder, '.evplat/data/mongodb')
    expect(readFileSync(told, 'utf8')).toBe(
      `--dbpath ${data} --replSet rs0 --port ${port} --bind_ip 127.0.0.1 --nounixsocket\n`,
    )
    expect(existsSync(data)).toBe(true)
    const pid = await platform.pidOf('mongodb')
    expect(await mongoOf(platform)).toEqual({ name: 'mongodb', endpoint: `127.0.0.1:${port}`, state: 'ready', pid })
    expect((await platform.succeed('up')).stderr).toBe('')
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => mongoOf(platform), { timeout: 20_000 }).toMatchObject({ state: 'failed' })
    expect((await platform.succeed('up', 'mongodb')).stderr).toMatch(/^mongodb is ready at /)
    expect((await platform.succeed('down')).stdout).toContain('mongodb')
    expect(await leftovers(platform)).toEqual([])
  })
})
