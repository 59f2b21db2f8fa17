// What engines say, translated: their very words, by an engine that says them over TCP.
import { chmodSync, mkdirSync } from 'node:fs'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { findEngine } from '../../src/stack/docker/engine/discovery/find-engine.ts'
import type { Build, ContainerSpec, Engine } from '../../src/stack/docker/engine/engine.ts'
import { createAuthority } from '../support/certificate.ts'
import { temporaryFolder } from '../support/evplat.ts'
import { type FakeEngine, failing, fakeEngine, refusing } from '../support/fake-engine.ts'
import { type Refusal, refusal } from '../support/refusal.ts'
import { freePort } from '../support/free-port.ts'
import { folderWith } from '../support/told.ts'

const never = new AbortController().signal
const spec: ContainerSpec = {
  name: 'shop-kafka-1',
  image: 'confluentinc/cp-kafka:7.9.1',
  hostname: 'kafka',
  environment: {},
  labels: {},
  ports: [],
  volumes: [],
  files: [],
  network: 'shop_default',
  aliases: [],
  stopSeconds: 10,
}

async function engineAt({ host }: FakeEngine): Promise<Engine> {
  return findEngine({ DOCKER_HOST: host, DOCKER_CONFIG: folderWith({}) })
}

async function refusedBy(
  answer: Parameters<typeof fakeEngine>[0],
  work: (engine: Engine) => Promise<unknown>,
): Promise<Refusal> {
  return refusal(work(await engineAt(await fakeEngine(answer))))
}

const start = (engine: Engine): Promise<void> => engine.start('abc')
const create = (engine: Engine): Promise<string> => engine.create(spec)
const pull =
  (image = 'postgres:17') =>
  (engine: Engine): Promise<void> =>
    engine.pull(image, () => undefined, never)

describe('what engines say', () => {
  const external = 'driver failed programming external connectivity on endpoint shop-kafka-1 (c0ffee)'
  test.each([
    ['Docker 20.10, a container has it', `${external}: Bind for 127.0.0.1:9092 failed: port is already allocated`],
    [
      'Docker 20.10, a program has it',
      `${external}: Error starting userland proxy: listen tcp4 127.0.0.1:9092: bind: address already in use`,
    ],
    [
      'Docker 28',
      'failed to set up container networking: failed to bind host port 127.0.0.1:9092/tcp: address already in use',
    ],
    [
      'Docker Desktop',
      'Ports are not available: exposing port TCP 127.0.0.1:9092 -> 127.0.0.1:0: listen tcp 127.0.0.1:9092: bind: address already in use',
    ],
    [
      'Docker Desktop on Windows',
      'Ports are not available: exposing port TCP 127.0.0.1:9092 -> 127.0.0.1:0: listen tcp4 127.0.0.1:9092: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.',
    ],
    ['Podman', 'rootlessport listen tcp 127.0.0.1:9092: bind: address already in use'],
    [
      'Podman 5',
      "pasta failed with exit code 1:\nFailed to bind port 9092 (Address already in use) for option '-t 127.0.0.1/9092-9092:9092-9092', exiting",
    ],
  ])('of a port that is taken: %s', async (_, words) => {
    expect(await refusedBy(refusing(500, words), start)).toEqual({
      code: 'port-taken',
      message: 'port 9092 is taken by another program or container',
      said: words,
      hint: 'stop who has it, or set another in platform.yaml: `stack.ports`',
      details: { port: 9092 },
    })
  })

  test('of a port that Windows keeps for itself', async () => {
    const words =
      'Ports are not available: exposing port TCP 127.0.0.1:9092 -> 127.0.0.1:0: listen tcp 127.0.0.1:9092: bind: An attempt was made to access a socket in a way forbidden by its access permissions.'
    const refused = await refusedBy(refusing(500, words), start)
    expect(refused).toMatchObject({ code: 'port-taken', message: 'the system keeps port 9092' })
    // nobody is to be looked for who has it
    expect(refused.details).toBeUndefined()
  })

  test.each([
    'invalid mount config for type "bind": bind source path does not exist: /home/ann/shop/.evplat/secrets/postgres',
    'Mounts denied: \nThe path /home/ann/shop/.evplat/secrets/postgres is not shared from the host and is not known to Docker.',
    'statfs /home/ann/shop/.evplat/secrets/postgres: no such file or directory',
  ])('of a file that the engine does not see: %s', async (words) => {
    expect(await refusedBy(refusing(400, words), create)).toMatchObject({
      code: 'engine-refused',
      message: 'the engine does not see "/home/ann/shop/.evplat/secrets/postgres" of this machine',
      said: words,
      hint: expect.stringContaining('virtual machine') as string,
    })
  })

  test.each([
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    'all predefined address pools have been fully subnetted',
  ])('of networks that are too many: %s', async (words) => {
    const make = (engine: Engine): Promise<void> => engine.createNetwork({ name: 'shop_default', labels: {} })
    expect(await refusedBy(refusing(500, words), make)).toMatchObject({
      code: 'engine-refused',
      message: 'the engine has no addresses left for another network',
      hint: expect.stringContaining('`docker network prune`') as string,
    })
  })

  test.each([
    [
      'Podman',
      refusing(
        500,
        'container create: creating container storage: the container name "shop-kafka-1" is already in use by c0ffee. You have to remove that container to be able to reuse that name: that name is already in use',
      ),
    ],
    ['Docker', refusing(409, 'Conflict. The container name "/shop-kafka-1" is already in use by container "c0ffee"')],
  ] as const)('of a name that is taken: %s', async (_, answer) => {
    expect(await refusedBy(answer, create)).toMatchObject({
      code: 'name-taken',
      message: 'there is another container "shop-kafka-1"',
    })
  })

  test('of a network that is there, which is what was wanted: Podman 4.3', async () => {
    const answer = refusing(500, 'network name shop_default already used: network already exists')
    await (await engineAt(await fakeEngine(answer))).createNetwork({ name: 'shop_default', labels: {} })
  })

  test.each([
    ['at a start', refusing(500, 'mkdir /var/lib/docker/overlay2/x/merged: no space left on device'), start],
    ['in a pull', failing('failed to register layer: write /lib/x: no space left on device'), pull()],
  ] as const)('of a full disk, %s', async (_, answer, work) => {
    expect(await refusedBy(answer, work)).toMatchObject({
      code: 'disk-full',
      message: 'the disk of the container engine is full',
    })
  })

  test.each([
    ['Docker, at a create', refusing(404, 'No such image: confluentinc/cp-kafka:7.9.1'), create],
    ['Podman, at a create', refusing(404, 'confluentinc/cp-kafka:7.9.1: image not known'), create],
  ] as const)('of an image that is not there: %s', async (_, answer, work) => {
    expect(await refusedBy(answer, work)).toMatchObject({
      code: 'image-missing',
      message: 'there is no image "confluentinc/cp-kafka:7.9.1"',
    })
  })

  test.each([
    ['manifest for postgres:17 not found: manifest unknown: manifest unknown', 'there is no image "postgres:17"'],
    [
      'failed to resolve reference "docker.io/library/postgres:17": docker.io/library/postgres:17: not found',
      'there is no image "postgres:17"',
    ],
    [
      "pull access denied for postgres, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      'there is no image "postgres:17", or not for this user',
    ],
    [
      'failed to resolve reference: unexpected status from HEAD request to https://ghcr.io/v2/x: 403 Forbidden',
      'there is no image "postgres:17", or not for this user',
    ],
    [
      'Head "https://registry/v2/postgres/manifests/17": unauthorized: authentication required',
      'there is no image "postgres:17", or not for this user',
    ],
  ])('of an image that no registry gives: %s', async (words, message) => {
    expect(await refusedBy(refusing(404, words), pull())).toMatchObject({ code: 'image-missing', message })
  })

  test('of a registry that wants a login, which is named', async () => {
    const answer = refusing(500, 'Get "https://registry.example/v2/": no basic auth credentials')
    expect((await refusedBy(answer, pull('registry.example/mirror/postgres:17'))).hint).toContain(
      '`docker login registry.example`',
    )
  })

  test.each([
    'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 127.0.0.53:53: no such host',
    'Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded)',
    'Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout',
    'failed to copy: httpReadSeeker: failed open: unexpected status code https://r.example/v2/x: 503 Service Unavailable',
    'failed to do request: Head "https://r.example/v2/x": context deadline exceeded',
    'Get "https://r.example/v2/": http: server gave HTTP response to HTTPS client',
    'unexpected EOF',
    'Get "https://registry-1.docker.io/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ])('of a registry that is not reached: %s', async (words) => {
    expect(await refusedBy(refusing(500, words), pull())).toMatchObject({
      code: 'download-failed',
      message: 'image "postgres:17" could not be fetched',
      said: words,
    })
  })

  test.each([
    'toomanyrequests: You have reached your unauthenticated pull rate limit.',
    'failed to resolve reference: unexpected status from HEAD request to https://registry-1.docker.io/v2/x: 429 Too Many Requests',
  ])('of a registry that was asked too often: %s', async (words) => {
    expect(await refusedBy(refusing(500, words), pull())).toMatchObject({
      code: 'download-failed',
      message: 'image "postgres:17" could not be fetched: docker.io was asked too often from here',
      hint: expect.stringContaining('`docker login`') as string,
    })
  })

  test.each([
    [failing('no matching manifest for linux/arm64/v8 in the manifest list entries'), pull(), 'image "postgres:17"'],
    [
      refusing(400, 'OCI runtime create failed: exec /bin/sh: exec format error: unknown'),
      start,
      'the image of a container',
    ],
  ] as const)('of an image for another processor', async (answer, work, which) => {
    expect(await refusedBy(answer, work)).toMatchObject({
      code: 'image-unfit',
      message: `${which} is not made for the processor of the engine`,
    })
  })

  test('of anything else, in their own words', async () => {
    const words = 'the bridge is not as it should be'
    const answer = refusing(500, words)
    const refused = await refusedBy(answer, (engine) => engine.createNetwork({ name: 'shop_default', labels: {} }))
    expect(refused.code).toBe('engine-refused')
    expect(refused.message).toMatch(
      /^Docker 20\.10\.24 at tcp:\/\/127\.0\.0\.1:\d+ refused to make network "shop_default"$/,
    )
    expect(refused.said).toBe(words)
  })
})

/** An engine that takes what is to be built and answers each pull of it with these words. */
async function builder(words: string): Promise<{ engine: Engine; built: { header: unknown; archive: Buffer }[] }> {
  const built: { header: unknown; archive: Buffer }[] = []
  const fake = await fakeEngine((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.once('end', () => {
      const header = String(request.headers['x-registry-config'])
      expect(header).toMatch(/^[\w-]+=*$/)
      built.push({
        header: JSON.parse(Buffer.from(header, 'base64').toString()),
        archive: gunzipSync(Buffer.concat(parts)),
      })
      failing(words)(request, response)
    })
  })
  const auth = Buffer.from('ann:???>>>~~~').toString('base64')
  const config = folderWith({ 'config.json': JSON.stringify({ auths: { 'mirror.example': { auth } } }) })
  return { engine: await findEngine({ DOCKER_HOST: fake.host, DOCKER_CONFIG: config }), built }
}

describe('a build', () => {
  const of = (context: string): Build => ({
    image: 'evplat/schema-registry:1',
    context,
    dockerfile: 'Dockerfile',
    base: 'mirror.example/node:20',
    arguments: {},
  })

  test('has the credentials for what it is made from, and tells that one where it is not to be had', async () => {
    const { engine, built } = await builder('pull access denied for mirror.example/node')
    expect(await refusal(engine.build(of(folderWith({ Dockerfile: 'FROM x' })), () => undefined, never))).toMatchObject(
      { code: 'image-missing', message: 'there is no image "mirror.example/node:20", or not for this user' },
    )
    expect(built[0]?.header).toEqual({
      'mirror.example': { serveraddress: 'mirror.example', username: 'ann', password: '???>>>~~~' },
    })
  })

  test('gives files that the user of the image may read, whatever the umask was that made them', async () => {
    const { engine, built } = await builder('enough')
    const context = folderWith({ Dockerfile: 'FROM x', 'dist/main.js': '' })
    chmodSync(join(context, 'dist'), 0o700)
    chmodSync(join(context, 'dist/main.js'), 0o600)
    await refusal(engine.build(of(context), () => undefined, never))
    const { archive } = built[0]!
    const modeOf = (name: string): string => archive.toString('latin1', archive.indexOf(name) + 100).slice(0, 6)
    expect([modeOf('dist\0'), modeOf('dist/main.js\0')]).toEqual(['000755', '000644'])
  })
})

describe('an engine that goes away', () => {
  test('between two requests', async () => {
    const refused = await refusedBy((request) => request.socket.destroy(), start)
    expect(refused).toMatchObject({ code: 'engine-away' })
    expect(refused.message).toMatch(/^Docker 20\.10\.24 at tcp:\S+ does not answer any more: socket hang up$/)
  })

  test('in the middle of a pull, of the events, and of a log', async () => {
    const engine = await engineAt(
      await fakeEngine((request, response) => {
        response.writeHead(200)
        response.write('{"status":"Pulling fs layer","id":"a"}\n')
        setTimeout(() => request.socket.destroy(), 50)
      }),
    )
    const listen = async (all: Promise<AsyncIterable<unknown>>): Promise<void> => {
      for await (const one of await all) expect(one).toBeDefined()
    }
    const follow = Promise.resolve(engine.logs('abc', { tail: 1, follow: true, signal: never }))
    expect(await refusal(pull()(engine))).toMatchObject({ code: 'engine-away' })
    expect(await refusal(listen(follow))).toMatchObject({ code: 'engine-away' })
  })
})

/** Works as a user who may nothing: root may everything. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid!(65_534)
  try {
    return await work()
  } finally {
    process.seteuid!(0)
  }
}

describe('where an engine is looked for', () => {
  const at = (host: string): Promise<Refusal> =>
    refusal(findEngine({ DOCKER_HOST: host, DOCKER_CONFIG: folderWith({}) }))

  test('nobody listens', async () => {
    const host = `tcp://127.0.0.1:${await freePort()}`
    expect(await at(host)).toMatchObject({
      code: 'engine-missing',
      message: 'no container engine answers',
      said: `${host} (DOCKER_HOST): nobody listens there`,
    })
  })

  test('this user may not', async () => {
    const path = join(temporaryFolder(), 'engine.sock')
    const server = createServer()
    await new Promise<void>((done) => server.listen(path, done))
    onTestFinished(() => void server.close())
    chmodSync(path, 0)
    expect(await asNobody(() => at(`unix://${path}`))).toMatchObject({
      code: 'engine-denied',
      message: `this user may not use the engine at "unix://${path}"`,
      said: `unix://${path} (DOCKER_HOST): this user may not`,
      hint: expect.stringContaining('`sudo usermod -aG docker $USER`') as string,
    })
  })

  test('this user may not use the Podman of the machine: it can have one of its own', async () => {
    const folder = join(temporaryFolder(), 'podman')
    mkdirSync(folder, { mode: 0o700 })
    const host = `unix://${folder}/podman.sock`
    expect((await asNobody(() => at(host))).hint).toContain('`systemctl --user enable --now podman.socket`')
  })

  test('this user may not read a key: the engine is not to blame', async () => {
    const folder = folderWith({ 'key.pem': 'secret' })
    chmodSync(join(folder, 'key.pem'), 0)
    const env = { DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }
    chmodSync(folder, 0o755)
    expect(await asNobody(() => refusal(findEngine({ ...env, DOCKER_CONFIG: folder })))).toMatchObject({
      code: 'engine-missing',
      said: `tcp://127.0.0.1:1 (DOCKER_HOST): "${join(folder, 'key.pem')}" can't be used: this user may not`,
    })
  })

  test('by TLS: with the certificates of DOCKER_CERT_PATH, and not where they do not fit', async () => {
    const authority = createAuthority()
    const server = createHttpsServer(authority.issue(['127.0.0.1']), (request, response) => {
      response.writeHead(200, { server: 'Docker/27.0.3 (linux)', 'api-version': '1.46' })
      response.end(request.url?.endsWith('/_ping') === true ? 'OK' : '[]')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
    const env = { DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1', DOCKER_CONFIG: folderWith({}) }
    const engine = await findEngine({ ...env, DOCKER_CERT_PATH: folderWith({ 'ca.pem': authority.cert }) })
    expect(engine.title).toBe(`Docker 27.0.3 at ${host}`)
    expect(await engine.containers({})).toEqual([])
    const other = folderWith({ 'ca.pem': createAuthority().cert })
    expect(await refusal(findEngine({ ...env, DOCKER_CERT_PATH: other }))).toMatchObject({
      code: 'engine-missing',
      said: `${host} (DOCKER_HOST): the certificate of ${host} is not signed by the authority that was named`,
    })
  })

  test('with variables of this very process that its client could not follow', async () => {
    const { host } = await fakeEngine((_, response) => void response.end('[]'))
    vi.stubEnv('DOCKER_HOST', host)
    vi.stubEnv('DOCKER_CERT_PATH', '/nowhere')
    onTestFinished(() => void vi.unstubAllEnvs())
    const engine = await findEngine({ ...process.env, DOCKER_CONFIG: folderWith({}) })
    expect(await engine.containers({})).toEqual([])
    expect(process.env['DOCKER_HOST']).toBe(host)
  })

  test('nothing is there', async () => {
    expect(await at('unix:///nowhere/docker.sock')).toMatchObject({
      code: 'engine-missing',
      said: 'unix:///nowhere/docker.sock (DOCKER_HOST): not there',
    })
  })

  test('by ssh', async () => {
    expect(await at('ssh://ann@build.example')).toMatchObject({
      code: 'engine-unsupported',
      said: 'ssh://ann@build.example (DOCKER_HOST): evplat does not speak to an engine by ssh',
    })
  })

  test.each([
    [{ api: '1.40' }, 'it speaks API 1.40, and 1.41 (Docker 20.10) is needed'],
    [{ os: 'windows' }, 'it runs containers of Windows'],
    [{ api: 'new' }, 'what answers there is no container engine'],
  ])('one that is not fit: %j', async (facts, problem) => {
    const { host } = await fakeEngine(refusing(500, 'never'), facts)
    expect(await at(host)).toMatchObject({ code: 'engine-unsupported', said: `${host} (DOCKER_HOST): ${problem}` })
  })

  test('the API is that of the engine, and never newer than what is known here', async () => {
    const answer = (_: unknown, response: { end: (text: string) => void }): void => response.end('[]')
    for (const [api, asked] of [
      ['1.41', 'v1.41'],
      ['1.44', 'v1.44'],
      ['1.52', 'v1.47'],
    ] as const) {
      const fake = await fakeEngine(answer, { api, server: 'Libpod/5.3.0 (linux)' })
      const engine = await engineAt(fake)
      expect(engine.title).toBe(`Podman 5.3.0 at ${fake.host}`)
      await engine.containers({})
      expect(fake.requests).toEqual([expect.stringContaining(`GET /${asked}/containers/json?all=true`)])
    }
  })
})
