import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { batchOf, defaultConfig, recordsIn } from '../../../test/support/log-fixture.ts'
import { crc32c } from '../../protocol/crc32c.ts'
import { batchAt, batchPrefix } from '../../protocol/records/batch.ts'
import { decompress } from '../../protocol/records/decompress.ts'
import { codecOf, compress } from './compress.ts'
import { plainRecords } from './plain-records.ts'
import { recompress } from './recompress.ts'

const types = ['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const producer = { producerId: 7n, epoch: 3, sequence: 11 }

describe.each(types)('%s', (type) => {
  const config = { ...defaultConfig, 'compression.type': type }
  const codec = codecOf(type)!

  test('whatever is compressed is unfolded again, in the codec and by its number', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each)),
      fc.tuple(fc.string({ minLength: 1 }), fc.nat(5000)).map(([text, times]) => Buffer.from(text.repeat(times))),
    )
    const property = fc.property(bytes, (plain) => {
      expect(decompress(codec, Buffer.from(compress(codec, plain, config)))).toEqual(plain)
    })
    fc.assert(property, { numRuns: 60 })
  })

  test('also where it is several blocks long', () => {
    const plain = Buffer.alloc(9 * 1024 * 1024, 'all work and no play ')
    expect(decompress(codec, Buffer.from(compress(codec, plain, config))).equals(plain)).toBe(true)
  })

  test.each([0, 1, 2, 3, 4])('a batch of codec %d keeps its records and its producer', (from) => {
    const batch = batchOf([{ value: 'one'.repeat(30) }, { key: null, value: null, timestamp: 5 }], from, producer)
    const before = Buffer.from(batch)
    const after = recompress(batch, plainRecords(batch)!, config)
    expect(batch).toEqual(before)
    if (from === codec) expect(after).toBe(batch)
    expect(recordsIn([after])).toEqual(recordsIn([before]))
    expect(after.readInt16BE(batchAt.attributes)).toBe(codec)
    expect(after.readInt32BE(batchAt.length)).toBe(after.length - batchPrefix)
    expect(after.readUInt32BE(batchAt.crc)).toBe(crc32c(after, batchAt.attributes))
    const rest = (each: Buffer): Buffer => each.subarray(batchAt.lastOffsetDelta, batchAt.records)
    expect(rest(after)).toEqual(rest(before))
  })
})

test('the batch of a topic that has no codec of its own stays the same', () => {
  const batch = batchOf([{}], 3)
  expect(recompress(batch, plainRecords(batch)!, defaultConfig)).toBe(batch)
})

test('the level of gzip counts', () => {
  const plain = Buffer.from(Array.from({ length: 40_000 }, (_, i) => `${i * 7919} `).join(''))
  const sizes = [1, 9].map((level) => compress(1, plain, { ...defaultConfig, 'compression.gzip.level': level }).length)
  expect(sizes[0]).toBeGreaterThan(sizes[1]!)
})
