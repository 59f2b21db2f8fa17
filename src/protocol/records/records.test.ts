import fc from 'fast-check'
import lz4 from 'lz4js'
import snappy from 'snappyjs'
import { describe, expect, test } from 'vitest'
import { gzipSync } from 'node:zlib'
import { EvplatError } from '../../core/errors.ts'
import { crc32c } from '../crc32c.ts'
import { batchAt, batchesIn } from './batch.ts'
import { BatchBuilder, type NewRecord } from './batch-builder.ts'
import { RecordCursor } from './cursor.ts'
import { decompress } from './decompress.ts'

const noProducer = { producerId: -1n, epoch: -1, sequence: -1 }

const bytes: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b))
const maybeBytes: fc.Arbitrary<Buffer | null> = fc.option(bytes, { nil: null })
const header: fc.Arbitrary<[string, Buffer | null]> = fc.tuple(
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  maybeBytes,
)
const record: fc.Arbitrary<NewRecord> = fc.record({
  key: maybeBytes,
  value: maybeBytes,
  headers: fc.array(header, { maxLength: 4 }),
  timestamp: fc.oneof(fc.integer({ min: 0, max: 2 ** 45 }), fc.integer({ min: 1.7e12, max: 1.7e12 + 100 })),
})

function build(records: readonly NewRecord[]): Buffer {
  const builder = new BatchBuilder(64)
  for (const each of records) builder.add(each)
  return builder.finish(noProducer)
}

interface ReadRecord extends NewRecord {
  readonly offset: number
}

function readAll(slice: Buffer): ReadRecord[] {
  const cursor = new RecordCursor()
  const all: ReadRecord[] = []
  for (const batch of batchesIn(slice)) {
    cursor.open(batch)
    while (cursor.next())
      all.push({
        offset: cursor.offset,
        timestamp: cursor.timestamp,
        key: cursor.key(),
        value: cursor.value(),
        headers: cursor.headers(),
      })
  }
  return all
}

/** The same batch with its records compressed. */
function compressed(batch: Buffer, codec: number, compress: (plain: Buffer) => Uint8Array): Buffer {
  const body = compress(batch.subarray(batchAt.records))
  const whole = Buffer.concat([batch.subarray(0, batchAt.records), body])
  whole.writeInt32BE(whole.length - 12, batchAt.length)
  whole.writeInt16BE(codec, batchAt.attributes)
  return whole
}

const sample: NewRecord[] = [
  {
    key: Buffer.from('k'),
    value: Buffer.from('v'.repeat(1000)),
    headers: [
      ['h', Buffer.from('1')],
      ['h', null],
    ],
    timestamp: 1_700_000_000_123,
  },
  { key: null, value: Buffer.alloc(0), headers: [], timestamp: 1_700_000_000_000 },
  { key: Buffer.alloc(0), value: null, headers: [['', Buffer.alloc(0)]], timestamp: 1_700_000_900_000 },
]

describe('record batches', () => {
  test('what is built is read back: null, empty, binary, repeated header names, times that go back', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), (records) => {
        expect(readAll(build(records))).toEqual(records.map((each, offset) => ({ ...each, offset })))
      }),
    )
  })

  test('the header carries length, checksum, times, count and producer', () => {
    const builder = new BatchBuilder()
    for (const each of sample) builder.add(each)
    const batch = builder.finish({ producerId: 77n, epoch: 3, sequence: 12 })
    expect(batch.readInt32BE(batchAt.length)).toBe(batch.length - 12)
    expect(batch.readUInt32BE(batchAt.crc)).toBe(crc32c(batch, batchAt.attributes))
    expect(batch.readInt16BE(batchAt.producerEpoch)).toBe(3)
    expect(batch.readInt32BE(batchAt.baseSequence)).toBe(12)
    expect(batchesIn(batch)[0]).toMatchObject({
      baseOffset: 0,
      lastOffset: 2,
      count: 3,
      producerId: 77n,
      baseTimestamp: 1_700_000_000_123,
      maxTimestamp: 1_700_000_900_000,
      isControl: false,
      isTransactional: false,
    })
  })

  test('a batch that is cut short is left out, whole ones before it are read', () => {
    const batch = build(sample)
    for (const cut of [1, 10, 16, 17, 60, batch.length - 1])
      expect(readAll(Buffer.concat([batch, batch.subarray(0, cut)]))).toHaveLength(3)
  })

  test('with log append time every record has the time of the batch', () => {
    const batch = build(sample)
    batch.writeInt16BE(8, batchAt.attributes)
    expect(new Set(readAll(batch).map((r) => r.timestamp))).toEqual(new Set([1_700_000_900_000]))
  })

  test('the formats before Kafka 0.11 are refused by name', () => {
    const batch = build(sample)
    batch.writeInt8(1, batchAt.magic)
    expect(() => batchesIn(batch)).toThrow(/format 1/)
  })

  test('broken bytes give a coded error or records, never anything else', () => {
    const whole = build(sample)
    const readsOrRefuses = (broken: Buffer): void => {
      try {
        readAll(broken)
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(EvplatError)
        expect((thrown as EvplatError).code).toBe('malformed-message')
      }
    }
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const broken = Buffer.from(whole)
        broken[at] = byte
        readsOrRefuses(broken)
      }),
      { numRuns: 2000 },
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (random) => readsOrRefuses(Buffer.from(random))))
  })
})

/** Snappy as Java writes it: a header of 16 bytes, then blocks with their lengths. */
function xerial(plain: Buffer): Buffer {
  const blocks = [plain.subarray(0, 700), plain.subarray(700)].map((block) => Buffer.from(snappy.compress(block)))
  const framed = blocks.flatMap((block) => {
    const size = Buffer.alloc(4)
    size.writeInt32BE(block.length)
    return [size, block]
  })
  return Buffer.concat([Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]), ...framed])
}

describe('compression', () => {
  test.each([
    ['gzip', 1, (plain: Buffer) => gzipSync(plain)],
    ['snappy, one block', 2, (plain: Buffer) => snappy.compress(plain)],
    ['snappy, framed', 2, xerial],
    ['lz4', 3, (plain: Buffer) => lz4.compress(plain)],
  ])('%s', (_name, codec, compress) => {
    const plain = build(sample)
    expect(readAll(compressed(plain, codec, compress))).toEqual(readAll(plain))
  })

  test('zstd, from a frame of the reference implementation', () => {
    const frame = Buffer.from('KLUv/SAFKQAAaGVsbG8=', 'base64')
    expect(decompress(4, frame).toString()).toBe('hello')
  })

  test.each([
    [1, 'no gzip at all'],
    [2, '\u00c8\u0001\u00fe'],
    [3, 'no lz4 frame at all'],
    [4, 'no zstd frame at all'],
  ])('codec %d refuses bytes that are not of it', (codec, text) => {
    expect(() => decompress(codec, Buffer.from(text, 'latin1'))).toThrow(EvplatError)
  })

  test.each([
    ['compressed', 0x76767676],
    ['stored', 0xf6767676],
    ['a byte too long', 4],
  ])('an lz4 block that claims more than is there is refused: %s', (_, size) => {
    const frame = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 0, 0, 0, 0, 1, 2, 3])
    frame.writeUInt32LE(size, 7)
    expect(() => decompress(3, frame)).toThrow('a block reaches beyond the end')
  })

  test.each([
    ['a literal that is not there', [0x05, 0x10, 0x61]],
    ['a literal of 2 GiB, which 32 bits take for less than nothing', [0x17, 0xfc, 0x00, 0x00, 0x00, 0x80, 0x61, 0x61]],
    ['a length that is cut short', [0x17, 0xfc, 0x00, 0x00, 0x00]],
    ['a copy that is cut short', [0x05, 0x00, 0x61, 0x01]],
    ['no end of the plain length', [0xff, 0xff]],
  ])('a snappy block that claims more than is there is refused: %s', (_, block) => {
    expect(() => decompress(2, Buffer.from(block))).toThrow('an element reaches beyond the end')
  })

  test.each([
    ['short', 20],
    ['one byte of length', 200],
    ['two bytes of length', 5000],
  ])('a snappy literal is read: %s', (_, size) => {
    const plain = Buffer.from(Array.from({ length: size }, (__, i) => (i * i * 31) % 251))
    expect(decompress(2, Buffer.from(snappy.compress(plain)))).toEqual(plain)
  })

  test('a block of snappy in the frame of Java that reaches beyond the end is refused', () => {
    const frame = xerial(Buffer.from('hello'))
    expect(() => decompress(2, frame.subarray(0, -1))).toThrow('a block reaches beyond the end')
  })

  test('an unknown codec is named', () =>
    expect(() => decompress(7, Buffer.alloc(1))).toThrow('compression codec 7 is not known'))
})
