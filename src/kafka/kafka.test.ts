import net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { EvplatError } from '../core/errors.ts'
import { batchesIn, type Batch } from '../protocol/records/batch.ts'
import type { NewRecord } from '../protocol/records/batch-builder.ts'
import { RecordCursor } from '../protocol/records/cursor.ts'
import { Cluster, parseAddress } from './cluster.ts'
import { visibleBatches } from './read/committed.ts'
import { FrameReader } from '../protocol/frame-reader.ts'
import { finalMessage, firstMessage } from './wire/scram.ts'
import { explainSocketError, notKafka } from './wire/socket-errors.ts'
import { negotiate } from './wire/versions.ts'
import { PartitionQueue, type ReadyBatch } from './write/partition-queue.ts'
import { metadata } from '../protocol/messages/metadata.ts'

describe('frames of a stream', () => {
  function frames(chunks: readonly Buffer[]): { frames: string[]; nonsense: string[] } {
    const seen = { frames: [] as string[], nonsense: [] as string[] }
    const reader = new FrameReader(
      1000,
      (frame) => seen.frames.push(frame.toString('hex')),
      (start) => seen.nonsense.push(start.toString('hex')),
    )
    for (const chunk of chunks) reader.push(chunk)
    return seen
  }
  const two = Buffer.from('00000004' + 'aabbccdd' + '00000005' + '0102030405', 'hex')

  test('are cut out of any segmentation', () => {
    const expected = { frames: ['aabbccdd', '0102030405'], nonsense: [] }
    expect(frames([two])).toEqual(expected)
    expect(frames([...two].map((byte) => Buffer.from([byte])))).toEqual(expected)
    for (let cut = 1; cut < two.length; cut++)
      expect(frames([two.subarray(0, cut), two.subarray(cut)])).toEqual(expected)
  })

  test('of impossible sizes are handed over, not allocated', () => {
    expect(frames([Buffer.from('HTTP/1.1 400')])).toEqual({
      frames: [],
      nonsense: [Buffer.from('HTTP').toString('hex')],
    })
    expect(frames([Buffer.from('00000002aabb', 'hex')]).nonsense).toHaveLength(1)
  })
})

describe('what answers is not Kafka', () => {
  const address = { host: '127.0.0.1', port: 9 }
  test('an HTTP server and a TLS alert are told by their first bytes', () => {
    expect(notKafka(address, Buffer.from('HTTP')).message).toBe(
      'what answers at 127.0.0.1:9 is no broker, but an HTTP server',
    )
    expect(notKafka(address, Buffer.from([0x15, 3, 3, 0])).message).toBe('127.0.0.1:9 expects TLS')
  })

  test.each([
    ['ECONNREFUSED', false, 'broker-unreachable', '127.0.0.1:9: connection refused: nothing listens there'],
    ['ENOTFOUND', false, 'broker-unreachable', '127.0.0.1:9: the host name is not known'],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      true,
      'tls-untrusted',
      'the certificate of 127.0.0.1:9 is not signed by a trusted authority',
    ],
    ['ERR_TLS_CERT_ALTNAME_INVALID', true, 'tls-untrusted', 'the certificate of 127.0.0.1:9 is for another host'],
    ['CERT_HAS_EXPIRED', true, 'tls-untrusted', 'the certificate of 127.0.0.1:9 is not valid any more'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', true, 'broker-unreachable', '127.0.0.1:9 does not speak TLS'],
  ])('%s is explained', (code, withTls, expected, message) => {
    const error = explainSocketError(Object.assign(new Error('x'), { code }), address, withTls ? {} : undefined)
    expect([error.code, error.message]).toEqual([expected, message])
  })
})

describe('versions', () => {
  test('the newest that both know is taken; none in common is an error', () => {
    const ranges = new Map([[3, { min: 2, max: 9 }]])
    expect(negotiate(metadata, ranges)).toBe(9)
    expect(negotiate(metadata, ranges, 4)).toBe(4)
    expect(() => negotiate(metadata, new Map([[3, { min: 13, max: 14 }]]))).toThrow('the broker does not know Metadata')
    expect(() => negotiate(metadata, new Map())).toThrow(EvplatError)
  })
})

describe('SCRAM', () => {
  // the exchange of RFC 7677, section 3
  const start = { hash: 'sha256', username: 'user', password: 'pencil', nonce: 'rOprNGfwEbeRWgbNEkqO' } as const
  const serverFirst = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'

  test('speaks the messages of RFC 7677 and checks the signature of the server', () => {
    expect(firstMessage(start)).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
    const { message, verify } = finalMessage(start, serverFirst)
    expect(message).toBe(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    )
    expect(() => verify('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).not.toThrow()
    expect(() => verify('v=AAAA')).toThrow(EvplatError)
  })

  test('trusts no other nonce and no silly iteration counts', () => {
    expect(() => finalMessage(start, serverFirst.replace('rOpr', 'xOpr'))).toThrow('another nonce')
    expect(() => finalMessage(start, serverFirst.replace('4096', '1'))).toThrow('1 iterations')
  })

  test('escapes what may not stand in a user name', () =>
    expect(firstMessage({ ...start, username: 'a=b,c' })).toContain('n=a=3Db=2Cc,'))
})

describe('addresses', () => {
  test.each([
    ['kafka:9092', { host: 'kafka', port: 9092 }],
    ['[::1]:9092', { host: '::1', port: 9092 }],
    [' 10.0.0.1:1 ', { host: '10.0.0.1', port: 1 }],
  ])('%s', (text, address) => expect(parseAddress(text)).toEqual(address))
  test.each(['kafka', 'kafka:', ':9092', 'kafka:0', 'kafka:70000', '::1:9092', 'http://kafka:9092'])(
    '%s is none',
    (text) => expect(() => parseAddress(text)).toThrow(EvplatError),
  )
})

describe('which batches are seen', () => {
  const batch = (over: Partial<Batch>): Batch => ({
    baseOffset: 0,
    lastOffset: 0,
    codec: 0,
    baseTimestamp: 0,
    maxTimestamp: 0,
    isLogAppendTime: false,
    isTransactional: false,
    isControl: false,
    producerId: -1n,
    count: 1,
    body: Buffer.alloc(0),
    ...over,
  })
  const data = (offset: number, producerId: bigint): Batch =>
    batch({ baseOffset: offset, lastOffset: offset, isTransactional: true, producerId })
  const marker = (offset: number, producerId: bigint, type: 0 | 1): Batch =>
    batch({
      baseOffset: offset,
      lastOffset: offset,
      isControl: true,
      isTransactional: true,
      producerId,
      body: Buffer.from([0x20, 0, 0, 0, 8, 0, 0, 0, type, 0, 0]),
    })
  const offsets = (batches: readonly Batch[]): number[] => batches.map((b) => b.baseOffset)

  test('markers never, aborted transactions not under read_committed', () => {
    const all = [
      data(0, 1n),
      data(1, 2n),
      marker(2, 1n, 0),
      data(3, 1n),
      marker(4, 2n, 1),
      marker(5, 1n, 1),
      batch({ baseOffset: 6, lastOffset: 6 }),
    ]
    expect(offsets(visibleBatches(all, null))).toEqual([0, 1, 3, 6])
    expect(offsets(visibleBatches(all, []))).toEqual([0, 1, 3, 6])
    expect(offsets(visibleBatches(all, [{ producerId: 1n, firstOffset: 0n }]))).toEqual([1, 3, 6])
    expect(
      offsets(
        visibleBatches(all, [
          { producerId: 2n, firstOffset: 1n },
          { producerId: 1n, firstOffset: 0n },
        ]),
      ),
    ).toEqual([3, 6])
  })

  test('a producer can abort twice', () => {
    const all = [data(0, 1n), marker(1, 1n, 0), data(2, 1n), marker(3, 1n, 0), data(4, 1n), marker(5, 1n, 1)]
    expect(
      offsets(
        visibleBatches(all, [
          { producerId: 1n, firstOffset: 0n },
          { producerId: 1n, firstOffset: 2n },
        ]),
      ),
    ).toEqual([4])
  })
})

describe('the batches of a partition', () => {
  const producer = { producerId: 5n, epoch: 1 }
  const record = (value: string): NewRecord => ({ key: null, value: Buffer.from(value), headers: [], timestamp: 1 })
  const values = (batch: ReadyBatch): string[] => {
    const cursor = new RecordCursor()
    cursor.open(batchesIn(batch.bytes)[0]!)
    const all: string[] = []
    while (cursor.next()) all.push(cursor.value()!.toString())
    return all
  }

  test('fill up, keep order, and count sequences without gaps', () => {
    const queue = new PartitionQueue(0, 110)
    for (let i = 0; i < 10; i++) queue.add(record(`v${i}`), i)
    const taken: ReadyBatch[] = []
    for (let next = queue.take(producer); next; next = queue.take(producer)) taken.push(next)
    expect(taken.length).toBeGreaterThan(1)
    expect(taken.flatMap(values)).toEqual(Array.from({ length: 10 }, (_, i) => `v${i}`))
    let sequence = 0
    for (const batch of taken) {
      expect(batch.sequence).toBe(sequence)
      sequence += batch.count
    }
    expect(taken.flatMap(({ tags }) => tags)).toEqual(Array.from({ length: 10 }, (_, i) => i))
  })

  test('what is put back goes out again as it was, before the rest', () => {
    const queue = new PartitionQueue(0, 100)
    for (let i = 0; i < 4; i++) queue.add(record(`v${i}`.padEnd(30)), i)
    const first = queue.take(producer)!
    queue.putBack(first)
    expect(queue.take(producer)).toBe(first)
  })

  test('a batch that is too large goes out in halves, down to single records, with the same sequences', () => {
    const queue = new PartitionQueue(0, 10_000)
    for (let i = 0; i < 7; i++) queue.add(record(`v${i}`), i)
    const sent: ReadyBatch[] = []
    for (let next = queue.take(producer); next; next = queue.take(producer)) {
      if (next.count === 7) queue.add(record('late'), 99)
      if (next.count > 2) queue.split(next, producer)
      else sent.push(next)
    }
    expect(sent.flatMap(values)).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'late'])
    expect(sent.flatMap(({ tags }) => tags)).toEqual([0, 1, 2, 3, 4, 5, 6, 99])
    let sequence = 0
    for (const batch of sent) {
      expect(batch.sequence).toBe(sequence)
      sequence += batch.count
    }
  })

  test('sequences start again after 2^31 - 1', () => {
    const queue = new PartitionQueue(0, 10_000)
    Object.assign(queue, { sequence: 2 ** 31 - 1 })
    queue.add(record('a'), 0)
    expect(queue.take(producer)!.sequence).toBe(2 ** 31 - 1)
    queue.add(record('b'), 1)
    expect(queue.take(producer)!.sequence).toBe(0)
  })
})

describe('connecting', () => {
  const servers: net.Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })
  function serve(onConnection: (socket: net.Socket) => void): Promise<string> {
    return new Promise((resolve) => {
      const server = net
        .createServer(onConnection)
        .listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as net.AddressInfo).port}`))
      servers.push(server)
    })
  }
  const connect = (bootstrap: readonly string[]): Promise<unknown> =>
    Cluster.connect({ bootstrap }, { connectTimeoutMs: 300 })

  test('a server that closes at once is told', async () => {
    const address = await serve((socket) => socket.destroy())
    await expect(connect([address])).rejects.toMatchObject({
      code: 'broker-unreachable',
      message: `${address} closed the connection during ApiVersions`,
    })
  })

  test('a server that cuts the connection under a request is told in the same words', async () => {
    const address = await serve((socket) => socket.once('data', () => socket.resetAndDestroy()))
    await expect(connect([address])).rejects.toMatchObject({
      code: 'broker-unreachable',
      message: `${address} closed the connection during ApiVersions`,
    })
  })

  test('a server that says nothing is given up at the deadline', async () => {
    const address = await serve(() => undefined)
    await expect(connect([address])).rejects.toMatchObject({
      message: `${address} did not answer within 300 ms (ApiVersions)`,
    })
  })

  test('an HTTP server is told', async () => {
    const address = await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await expect(connect([address])).rejects.toMatchObject({
      message: `what answers at ${address} is no broker, but an HTTP server`,
    })
  })

  test('every address is tried, and each reason told', async () => {
    const silent = await serve(() => undefined)
    await expect(connect(['127.0.0.1:1', silent])).rejects.toMatchObject({
      message: `none of the bootstrap addresses answers: 127.0.0.1:1: connection refused: nothing listens there; ${silent} did not answer within 300 ms (ApiVersions)`,
      parts: {
        details: {
          tried: [
            '127.0.0.1:1: connection refused: nothing listens there',
            `${silent} did not answer within 300 ms (ApiVersions)`,
          ],
        },
      },
    })
  })
})
