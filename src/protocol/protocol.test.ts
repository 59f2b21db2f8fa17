import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allApis, versionsOf } from '../../test/support/all-apis.ts'
import { arbitraryFields } from '../../test/support/arbitrary-message.ts'
import { EvplatError } from '../core/errors.ts'
import { compile } from './compile.ts'
import { crc32c } from './crc32c.ts'
import { errorCode, errorName, isRetriable } from './error-table.ts'
import { correlationIdOf, decodeResponse, encodeRequest } from './frames.ts'
import { createTopics } from './messages/create-topics.ts'
import { metadata } from './messages/metadata.ts'
import { murmur2, partitionOfKey } from './murmur2.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const apis = [...(await allApis()).values()]

describe('messages', () => {
  const cases = apis.flatMap((api) =>
    versionsOf(api).flatMap((version) =>
      (['request', 'response'] as const).map((side) => ({
        api,
        version,
        side,
        title: `${api.name} v${version} ${side}`,
      })),
    ),
  )

  test.each(cases)('$title reads back what it wrote', ({ api, version, side }) => {
    const codec = compile(api[side], { version, flexible: version >= api.flexible })
    fc.assert(
      fc.property(arbitraryFields(api[side], version), (value) => {
        const writer = new Writer()
        codec.write(writer, value as never)
        const reader = new Reader(writer.toBuffer())
        expect(codec.read(reader)).toMatchObject(value)
        expect(reader.left).toBe(0)
      }),
      { numRuns: 25 },
    )
  })

  test.each(cases)('$title answers broken bytes with a coded error', ({ api, version, side }) => {
    const codec = compile(api[side], { version, flexible: version >= api.flexible })
    const readsOrRefuses = (bytes: Buffer): void => {
      try {
        codec.read(new Reader(bytes))
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(EvplatError)
        expect((thrown as EvplatError).code).toBe('malformed-message')
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readsOrRefuses(Buffer.from(bytes))),
      { numRuns: 50 },
    )
    fc.assert(
      fc.property(arbitraryFields(api[side], version), fc.nat(), (value, cut) => {
        const writer = new Writer()
        codec.write(writer, value as never)
        const whole = writer.toBuffer()
        readsOrRefuses(whole.subarray(0, cut % (whole.length + 1)))
      }),
      { numRuns: 25 },
    )
  })

  test('a field that a version lacks is refused unless it may be dropped', () => {
    const topics = [{ name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }]
    const write = (version: number, body: object): void =>
      compile(metadata.request, { version, flexible: false }).write(new Writer(), body as never)
    expect(() => write(0, { topics: [], allowAutoTopicCreation: false })).toThrow(/no field "allowAutoTopicCreation"/)
    expect(() => write(4, { topics: [], allowAutoTopicCreation: false })).not.toThrow()
    expect(() =>
      compile(createTopics.request, { version: 2, flexible: false }).write(new Writer(), {
        topics,
        validateOnly: true,
      }),
    ).not.toThrow()
  })

  test('unknown tagged fields are passed over', () => {
    const codec = compile(metadata.request, { version: 9, flexible: true })
    const writer = new Writer()
    codec.write(writer, { topics: null })
    const bytes = writer.toBuffer()
    const tagged = Buffer.concat([bytes.subarray(0, -1), Buffer.from([1, 77, 3, 1, 2, 3])])
    expect(codec.read(new Reader(tagged))).toMatchObject({ topics: null, allowAutoTopicCreation: true })
  })

  test('a text or list that can not be is refused before anything is allocated', () => {
    const wire = { version: 0, flexible: false }
    expect(() => compile(metadata.request, wire).read(new Reader(Buffer.from([0x7f, 0xff, 0xff, 0xff])))).toThrow(
      /elements are announced/,
    )
    expect(() => compile(metadata.request, wire).read(new Reader(Buffer.from([0, 0, 0, 1, 0x7f, 0xff])))).toThrow(
      /bytes are announced/,
    )
  })
})

describe('frames', () => {
  test('a request has its size, header and body; the header of flexible versions ends with tags', () => {
    const plain = Buffer.concat(
      encodeRequest(metadata, { version: 1, correlationId: 7, clientId: 'me' }, { topics: [] }),
    )
    expect(plain.toString('hex')).toBe('00000010' + '0003' + '0001' + '00000007' + '00026d65' + '00000000')
    const flexible = Buffer.concat(
      encodeRequest(metadata, { version: 9, correlationId: 7, clientId: 'me' }, { topics: [] }),
    )
    expect(flexible.toString('hex')).toBe(
      '00000012' + '0003' + '0009' + '00000007' + '00026d65' + '00' + '01' + '01' + '00' + '00' + '00',
    )
  })

  test('a response is read after its header', () => {
    const frame = Buffer.from('00000007' + '00000000' + '00000000', 'hex')
    expect(correlationIdOf(frame)).toBe(7)
    expect(decodeResponse(metadata, 0, frame)).toMatchObject({
      brokers: [],
      topics: [],
      clusterId: null,
      controllerId: -1,
    })
  })

  test('large byte fields are not copied', () => {
    const writer = new Writer()
    const large = Buffer.alloc(100_000, 1)
    writer.int8(1)
    writer.bytes(large)
    writer.int8(2)
    expect(writer.length).toBe(100_002)
    expect(writer.chunks().some((chunk) => chunk.buffer === large.buffer)).toBe(true)
  })
})

describe('checksums and hashes', () => {
  test('crc32c is the same at every alignment and length as bit by bit', () => {
    const bytes = Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 151 + 7) & 0xff))
    const bitByBit = (part: Buffer): number => {
      let crc = -1
      for (const byte of part) {
        crc ^= byte
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
      }
      return ~crc >>> 0
    }
    for (let start = 0; start < 20; start++)
      for (let end = start; end <= bytes.length; end++)
        if (crc32c(bytes, start, end) !== bitByBit(bytes.subarray(start, end)))
          expect.unreachable(`bytes ${start} to ${end} have another checksum`)
  })

  test('crc32c has the values of RFC 3720', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa)
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43)
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, i) => i)))).toBe(0x46dd794e)
    expect(crc32c(Buffer.from('xx123456789yy'), 2, 11)).toBe(0xe3069283)
  })

  test.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('murmur2 of %s is that of Java', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash)
    expect(partitionOfKey(Buffer.from(key), 7)).toBe((hash & 0x7fffffff) % 7)
  })
})

describe('the error table', () => {
  test('names, numbers and retriability', () => {
    expect(errorName(0)).toBe('NONE')
    expect(errorName(-1)).toBe('UNKNOWN_SERVER_ERROR')
    expect(errorName(9999)).toBe('UNKNOWN_SERVER_ERROR')
    expect(errorCode('TOPIC_AUTHORIZATION_FAILED')).toBe(29)
    expect(isRetriable(errorCode('NOT_LEADER_OR_FOLLOWER'))).toBe(true)
    expect(isRetriable(errorCode('INVALID_CONFIG'))).toBe(false)
  })
})
