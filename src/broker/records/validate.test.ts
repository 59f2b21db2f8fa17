// What is refused, and in which words: as Kafka 3.9 refuses it.
import fc from 'fast-check'
import lz4 from 'lz4js'
import zlib, { gzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import { batchOf, compacted, defaultConfig, type TestRecord } from '../../../test/support/log-fixture.ts'
import { crc32c } from '../../protocol/crc32c.ts'
import { batchAt, batchesIn } from '../../protocol/records/batch.ts'
import { seal } from '../../protocol/records/seal.ts'
import { errorCode } from '../../protocol/error-table.ts'
import type { LogConfig } from '../log-config.ts'
import type { Refused } from '../storage/partition-log.ts'
import { type Valid, validate } from './validate.ts'

const now = 1_700_000_000_000
const three: TestRecord[] = [{ key: 'a' }, { key: 'b' }, { key: 'c' }]

function check(records: Buffer, config: Partial<LogConfig> = {}, version = 11): Valid | Refused {
  return validate(records, { config: { ...defaultConfig, ...config }, now, topicPartition: 'orders-3', version })
}

/** A batch with something changed, checksum right again. */
function changed(change: (batch: Buffer) => void, records = three): Buffer {
  const batch = batchOf(records)
  change(batch)
  return seal(batch)
}

describe('a batch is refused', () => {
  const one = batchOf(three)
  const flipped = Buffer.from(one)
  flipped[flipped.length - 1]! ^= 1
  const cases: readonly (readonly [why: string, error: string, records: Buffer, config: Partial<LogConfig>])[] = [
    ['nothing at all', 'INVALID_RECORD', Buffer.alloc(0), {}],
    ['cut short', 'INVALID_RECORD', one.subarray(0, one.length - 1), {}],
    ['a length that can not be', 'CORRUPT_MESSAGE', changed((b) => b.writeInt32BE(5, batchAt.length)), {}],
    [
      'a header that is not whole',
      'CORRUPT_MESSAGE',
      changed((b) => b.writeInt32BE(30, batchAt.length)).subarray(0, 42),
      {},
    ],
    ['magic 1', 'INVALID_RECORD', changed((b) => b.writeInt8(1, batchAt.magic)), {}],
    ['magic 3', 'CORRUPT_MESSAGE', changed((b) => b.writeInt8(3, batchAt.magic)), {}],
    ['two batches', 'INVALID_RECORD', Buffer.concat([one, one]), {}],
    ['a base offset', 'INVALID_RECORD', changed((b) => b.writeBigInt64BE(7n, 0)), {}],
    ['larger than max.message.bytes', 'MESSAGE_TOO_LARGE', one, { 'max.message.bytes': one.length - 1 }],
    ['larger than a segment', 'RECORD_LIST_TOO_LARGE', one, { 'segment.bytes': one.length - 1 }],
    ['a wrong checksum', 'CORRUPT_MESSAGE', flipped, {}],
    ['an unknown codec', 'UNKNOWN_SERVER_ERROR', changed((b) => b.writeInt16BE(6, batchAt.attributes)), {}],
    ['no records', 'INVALID_RECORD', changed((b) => b.writeInt32BE(0, batchAt.count)), {}],
    ['a count that is not that of the offsets', 'INVALID_RECORD', changed((b) => b.writeInt32BE(2, batchAt.count)), {}],
    [
      'a last offset before the first',
      'INVALID_RECORD',
      changed((b) => b.writeInt32BE(-1, batchAt.lastOffsetDelta)),
      {},
    ],
    ['a control batch', 'INVALID_RECORD', changed((b) => b.writeInt16BE(32, batchAt.attributes)), {}],
    ['a producer without a sequence', 'INVALID_RECORD', changed((b) => b.writeBigInt64BE(1n, batchAt.producerId)), {}],
    ['bytes left over', 'INVALID_RECORD', withBytes(one, (body) => Buffer.concat([body, Buffer.from([0])])), {}],
    ['a record too few', 'INVALID_RECORD', withBytes(one, (body) => body.subarray(0, body.length - 9)), {}],
  ]

  function withBytes(batch: Buffer, change: (body: Buffer) => Buffer): Buffer {
    const whole = Buffer.concat([batch.subarray(0, batchAt.records), change(batch.subarray(batchAt.records))])
    whole.writeInt32BE(whole.length - 12, batchAt.length)
    return seal(whole)
  }

  test.each(cases)('%s: %s', (_, error, records, config) => {
    expect(errorCode(error as 'NONE')).toBeTypeOf('number')
    expect(check(records, config)).toMatchObject({ error })
  })

  test('zstd, before version 7 of the request', () => {
    const batch = batchOf(three, 4)
    expect(check(batch, {}, 6)).toMatchObject({ error: 'UNSUPPORTED_COMPRESSION_TYPE' })
    expect(check(batch, {}, 7)).toMatchObject({ count: 3 })
  })

  test('records without a key on a compacted topic, each named, in every codec', () => {
    for (const codec of [0, 1, 2, 3, 4]) {
      const refused = check(batchOf([{}, { key: null }, {}, { key: null }], codec), compacted)
      const message = 'Compacted topic cannot accept message without key in topic partition orders-3'
      expect(refused).toEqual({
        error: 'INVALID_RECORD',
        message: `One or more records have been rejected due to 2 record errors in total, and only showing the first three errors at most: [RecordError(batchIndex=1, message='${message}'), RecordError(batchIndex=3, message='${message}')]`,
        records: [
          { index: 1, message },
          { index: 3, message },
        ],
      })
    }
  })

  test('times that are too far away, in every codec', () => {
    const limits = { 'message.timestamp.before.max.ms': 1000, 'message.timestamp.after.max.ms': 10 }
    const records = [now, now - 1001, now + 10, now + 11, -1].map((timestamp) => ({ timestamp }))
    const range = `The timestamp should be within [${now - 1000}, ${now + 10}]`
    for (const codec of [0, 1, 2, 3, 4])
      expect(check(batchOf(records, codec), limits)).toEqual({
        error: 'INVALID_TIMESTAMP',
        message: 'One or more records have been rejected due to invalid timestamp',
        records: [
          { index: 1, message: `Timestamp ${now - 1001} of message with offset 1 is out of range. ${range}` },
          { index: 3, message: `Timestamp ${now + 11} of message with offset 3 is out of range. ${range}` },
        ],
      })
  })

  test('what does not unfold, where it has to be looked into', () => {
    const broken = changed((b) => {
      b.writeInt16BE(1, batchAt.attributes)
    })
    expect(check(broken)).toMatchObject({ count: 3 })
    expect(check(broken, compacted)).toEqual({ error: 'UNKNOWN_SERVER_ERROR' })
  })

  test.each([
    ['gzip', 1, gzipSync(Buffer.alloc(130 * 2 ** 20))],
    ['snappy that announces 2 GiB', 2, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0])],
    ['lz4 of many blocks', 3, lz4Bomb()],
  ])('what unfolds to far more than a request may hold: %s', (_, codec, bomb) => {
    const whole = Buffer.concat([batchOf(three).subarray(0, batchAt.records), bomb])
    whole.writeInt32BE(whole.length - 12, batchAt.length)
    whole.writeInt16BE(codec, batchAt.attributes)
    expect(check(seal(whole), compacted)).toEqual({ error: 'UNKNOWN_SERVER_ERROR' })
  })

  /** One block of a frame, again and again: its head says that each may unfold to 4 MiB. */
  function lz4Bomb(): Buffer {
    const frame = Buffer.from(lz4.compress(Buffer.alloc(4 * 2 ** 20)))
    const block = frame.subarray(7, frame.length - 4)
    return Buffer.concat([frame.subarray(0, 7), ...Array.from({ length: 40 }, () => block), Buffer.alloc(4)])
  }
})

describe('a batch is taken', () => {
  test('without what is not a whole batch behind it', () => {
    const batch = batchOf(three)
    expect(check(Buffer.concat([batch, batch.subarray(0, 30)]))).toMatchObject({ batch })
  })

  test('with its largest time put right where the client was wrong about it', () => {
    const batch = changed((b) => b.writeBigInt64BE(1n, batchAt.maxTimestamp))
    const valid = check(batch) as Valid
    expect(valid.maxTimestamp).toBe(now)
    expect(batchesIn(valid.batch)[0]!.maxTimestamp).toBe(now)
    expect(valid.batch.readUInt32BE(batchAt.crc)).toBe(crc32c(valid.batch, batchAt.attributes))
  })

  test.each([0, 1, 2, 3, 4])('with the time of the log where the topic wants that, codec %d', (codec) => {
    const valid = check(batchOf([{ timestamp: 5 }], codec), { 'message.timestamp.type': 'LogAppendTime' }) as Valid
    const [batch] = batchesIn(valid.batch)
    expect(valid.maxTimestamp).toBe(now)
    expect(batch).toMatchObject({ isLogAppendTime: true, maxTimestamp: now, codec })
    expect(valid.batch.readUInt32BE(batchAt.crc)).toBe(crc32c(valid.batch, batchAt.attributes))
  })
})

test.each([
  ['that stays as it is', 0, {}],
  ['whose keys are looked at', 1, compacted],
  ['that gets another codec', 1, { 'compression.type': 'snappy' }],
  ['whose keys are looked at, and that gets another codec', 1, { ...compacted, 'compression.type': 'snappy' }],
] as const)('a batch %s: times it is unfolded: %d', (_, times, config) => {
  const unfold = vi.spyOn(zlib, 'gunzipSync')
  try {
    expect(check(batchOf(three, 1), config)).toMatchObject({ count: 3 })
    expect(unfold).toHaveBeenCalledTimes(times)
  } finally {
    unfold.mockRestore()
  }
})

test('random bytes and damaged batches are taken or refused, and nothing else happens', () => {
  const whole = batchOf(three, 0, { producerId: 3n, epoch: 0, sequence: 4 })
  const isAnswer = (records: Buffer): void => {
    for (const config of [{}, compacted]) expect(check(Buffer.from(records), config)).toBeTypeOf('object')
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => isAnswer(Buffer.from(bytes))))
  const place = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(4))
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 4 }), (places) => {
      const damaged = Buffer.from(whole)
      for (const [at, byte] of places) damaged[at] = byte
      damaged[batchAt.attributes + 1] = places[0]![2]
      isAnswer(seal(damaged))
    }),
    { numRuns: 1000 },
  )
})
