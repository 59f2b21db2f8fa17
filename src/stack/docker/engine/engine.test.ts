// What is pure of the port to an engine: words, names, progress, credentials, logs, and the options of a container.
import { once } from 'node:events'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createOptions } from './container-options.ts'
import { summaryOf } from './containers.ts'
import { helperFor, loginIn, parseHelper } from './credentials.ts'
import { registryOf, shortName } from './image-name.ts'
import { lineReader } from './log-lines.ts'
import { memoryOf } from './memory.ts'
import { pullMeter } from './pull-progress.ts'
import { watchSilence } from './silence.ts'

describe('names of images', () => {
  test.each([
    ['postgres', 'docker.io', 'postgres:latest'],
    ['postgres:17', 'docker.io', 'postgres:17'],
    ['docker.io/library/postgres:17', 'docker.io', 'postgres:17'],
    ['confluentinc/cp-kafka:7.9.1', 'docker.io', 'confluentinc/cp-kafka:7.9.1'],
    ['docker.io/confluentinc/cp-kafka:7.9.1', 'docker.io', 'confluentinc/cp-kafka:7.9.1'],
    ['localhost/own', 'localhost', 'localhost/own:latest'],
    ['registry.example:5000/mirror/postgres', 'registry.example:5000', 'registry.example:5000/mirror/postgres:latest'],
    ['postgres:17@sha256:abc', 'docker.io', 'postgres@sha256:abc'],
    ['ghcr.io/a/b@sha256:abc', 'ghcr.io', 'ghcr.io/a/b@sha256:abc'],
  ])('%s', (image, registry, short) => {
    expect([registryOf(image), shortName(image)]).toEqual([registry, short])
    expect(shortName(short)).toBe(short)
  })
})

describe('the progress of a pull', () => {
  test('sums up layers, and counts what was there before', () => {
    const measure = pullMeter()
    const downloading = (id: string, current: number, total: number): Parameters<typeof measure>[0] => ({
      status: 'Downloading',
      id,
      progressDetail: { current, total },
    })
    measure({ status: 'Pulling from library/postgres', id: '17' })
    for (const id of ['a', 'b', 'c']) measure({ status: 'Pulling fs layer', id, progressDetail: {} })
    measure({ status: 'Already exists', id: 'd' })
    measure(downloading('a', 10, 100))
    expect(measure(downloading('b', 5, 50))).toEqual({
      downloadedBytes: 15,
      totalBytes: 150,
      layers: 4,
      layersDone: 1,
    })
    measure({ status: 'Download complete', id: 'a' })
    // its numbers are those of the unpacked layer: they are not what was loaded
    expect(measure({ status: 'Extracting', id: 'a', progressDetail: { current: 7, total: 900 } })).toEqual({
      downloadedBytes: 105,
      totalBytes: 150,
      layers: 4,
      layersDone: 1,
    })
    for (const id of ['a', 'b', 'c']) measure({ status: 'Pull complete', id })
    expect(measure({ status: 'Status: Downloaded newer image for postgres:17' })).toEqual({
      downloadedBytes: 150,
      totalBytes: 150,
      layers: 4,
      layersDone: 4,
    })
  })
})

describe('the credentials of docker login', () => {
  const auth = Buffer.from('ann:se:cret').toString('base64')
  const hub = 'https://index.docker.io/v1/'

  test('stand in config.json, by whatever form of the name', () => {
    const config = {
      auths: { [hub]: { auth }, 'https://ghcr.io/v2/': { auth }, 'token.example': { identitytoken: 't' } },
    }
    const login = { username: 'ann', password: 'se:cret' }
    expect(loginIn(config, hub)).toEqual({ credentials: { serveraddress: hub, ...login } })
    expect(loginIn(config, 'ghcr.io')).toEqual({ credentials: { serveraddress: 'ghcr.io', ...login } })
    expect(loginIn(config, 'token.example')).toEqual({
      credentials: { serveraddress: 'token.example', identitytoken: 't' },
    })
  })

  test.each([{}, { auths: null }, { auths: { 'ghcr.io': {} } }, { auths: { 'ghcr.io': { auth: 'x' } } }, { auths: 3 }])(
    'are none in %j',
    (config) => expect(loginIn(config, 'ghcr.io')).toEqual({}),
  )

  test('are with a program, for one registry before for all; a name that is a path is none', () => {
    const config = { credsStore: 'desktop', credHelpers: { 'ghcr.io': 'own', 'bad.example': '../../sh' } }
    expect(['ghcr.io', hub, 'bad.example'].map((server) => helperFor(config, server))).toEqual([
      'own',
      'desktop',
      undefined,
    ])
    expect(helperFor({}, hub)).toBeUndefined()
  })

  test('of a program are read as it writes them', () => {
    const answer = (Username: string): string => JSON.stringify({ ServerURL: 'x', Username, Secret: 's' })
    expect(parseHelper(answer('ann'), 'x')).toEqual({
      credentials: { serveraddress: 'x', username: 'ann', password: 's' },
    })
    expect(parseHelper(answer('<token>'), 'x')).toEqual({ credentials: { serveraddress: 'x', identitytoken: 's' } })
    for (const other of ['', 'null', '{"Username":3}', 'credentials not found'])
      expect(parseHelper(other, 'x')).toEqual({})
  })
})

describe('the log of a container', () => {
  const frame = (stream: 1 | 2, content: string | Buffer): Buffer => {
    const body = Buffer.from(content)
    const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0])
    head.writeUInt32BE(body.length, 4)
    return Buffer.concat([head, body])
  }
  const letter = Buffer.from('ö')
  const log = Buffer.concat([
    frame(1, 'T1 one\n'),
    frame(2, 'T2 two\r\n'),
    frame(1, Buffer.concat([Buffer.from('T3 l'), letter.subarray(0, 1)])),
    frame(2, 'T4 \n'),
    frame(1, Buffer.concat([Buffer.from('T5 '), letter.subarray(1), Buffer.from('ng\n')])),
    frame(1, 'T6 open'),
  ])
  const lines = ['T1 one', 'T2 two', 'T4 ', 'T3 löng', 'T6 open']

  test('is cut into lines wherever its chunks end', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: log.length - 1 })), (cuts) => {
        const { push, end } = lineReader()
        const ends = [...cuts.toSorted((a, b) => a - b), log.length]
        const seen = ends.flatMap((to, i) => push(log.subarray(ends[i - 1] ?? 0, to)))
        expect([...seen, ...end()]).toEqual(lines)
      }),
    )
  })
})

describe('a container', () => {
  test('is asked for with its ports exposed and bound to this machine alone', () => {
    const options = createOptions({
      name: 'shop-kafka-1',
      image: 'confluentinc/cp-kafka:7.9.1',
      hostname: 'kafka',
      environment: { A: '1', B: 'x=y' },
      labels: { a: 'b' },
      ports: [{ host: 19_092, container: 9092 }],
      volumes: [{ volume: 'shop_kafka-1-data', target: '/var/lib/kafka/data' }],
      files: [{ source: '/shop/.evplat/secrets/x', target: '/run/secrets/x' }],
      healthCheck: { test: ['CMD', 'true'], intervalSeconds: 5, timeoutSeconds: 2, retries: 3, startPeriodSeconds: 1 },
      network: 'shop_default',
      aliases: ['kafka', 'kafka-1'],
      stopSeconds: 30,
    })
    expect(options).toEqual({
      name: 'shop-kafka-1',
      Image: 'confluentinc/cp-kafka:7.9.1',
      Hostname: 'kafka',
      Env: ['A=1', 'B=x=y'],
      Labels: { a: 'b' },
      ExposedPorts: { '9092/tcp': {} },
      Healthcheck: { Test: ['CMD', 'true'], Interval: 5e9, Timeout: 2e9, Retries: 3, StartPeriod: 1e9 },
      StopTimeout: 30,
      HostConfig: {
        NetworkMode: 'shop_default',
        PortBindings: { '9092/tcp': [{ HostIp: '127.0.0.1', HostPort: '19092' }] },
        Mounts: [
          { Type: 'volume', Source: 'shop_kafka-1-data', Target: '/var/lib/kafka/data' },
          { Type: 'bind', Source: '/shop/.evplat/secrets/x', Target: '/run/secrets/x', ReadOnly: true },
        ],
        SecurityOpt: ['label=disable'],
      },
      NetworkingConfig: { EndpointsConfig: { shop_default: { Aliases: ['kafka', 'kafka-1'] } } },
    })
  })

  test.each([
    ['Up 3 minutes (healthy)', 'healthy'],
    ['Up 2 seconds (health: starting)', 'starting'],
    ['Up 2 seconds (starting)', 'starting'],
    ['Up About an hour (unhealthy)', 'unhealthy'],
    ['Up 3 minutes', undefined],
    ['Exited (137) 5 seconds ago', undefined],
  ])('does as its status says: %s', (status, health) => {
    const port = { PrivatePort: 9092, PublicPort: 19_092, Type: 'tcp' }
    const info = {
      Id: 'abc',
      Names: ['/shop-kafka-1'],
      Image: 'x:1',
      ImageID: 'sha256:0123',
      Labels: {},
      State: 'running',
      Status: status,
      Ports: [
        { ...port, IP: '0.0.0.0' },
        { ...port, IP: '::' },
        { PrivatePort: 9093, Type: 'tcp' },
      ],
    } as never
    expect(summaryOf(info)).toEqual({
      id: 'abc',
      name: 'shop-kafka-1',
      server: 'shop-kafka-1',
      labels: {},
      image: 'x:1',
      imageId: '0123',
      state: 'running',
      ...(health !== undefined && { health }),
      ports: [{ host: 19_092, container: 9092 }],
    })
  })

  test.each([
    [{ usage: 100, stats: { inactive_file: 30 } }, 70],
    [{ usage: 100, stats: { total_inactive_file: 40, inactive_file: 30 } }, 60],
    [{ usage: 100, stats: { inactive_file: 300 } }, 100],
    [{ usage: 100 }, 100],
    [{}, undefined],
  ])('takes memory without the cache of files: %j', (memory, bytes) => {
    expect(memoryOf({ memory_stats: memory } as never)).toBe(bytes)
  })
})

describe('a request that goes on for long', () => {
  const request = { engine: 'Docker 27.0.3', action: 'fetch image "x"' }
  const never = new AbortController().signal

  test('ends where the engine says nothing of it any more', async () => {
    const { signal, heard } = watchSilence(request, never, 20)
    heard()
    await once(signal, 'abort')
    expect(signal.reason).toMatchObject({
      code: 'engine-away',
      message: 'Docker 27.0.3 does not answer any more: nothing said for 20 ms',
    })
  })

  test('ends with the signal of its user, too, and for his reason', () => {
    const { signal, close } = watchSilence(request, AbortSignal.abort(new Error('enough')), 60_000)
    close()
    expect(signal.reason).toEqual(new Error('enough'))
  })
})
