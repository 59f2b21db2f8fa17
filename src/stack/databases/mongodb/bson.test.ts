import { BSON } from 'bson'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BsonDocument, decodeBson, encodeBson } from './bson.ts'

const name = fc
  .string({ unit: 'grapheme', maxLength: 8 })
  .filter((text) => !text.includes('\0') && text !== '__proto__')
const leaf = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
)
const { document } = fc.letrec<{ document: BsonDocument }>((tie) => ({
  document: fc.dictionary(
    // names that are numbers would change their order
    name.filter((text) => !/^\d+$/.test(text)),
    fc.oneof({ depthSize: 'small' }, leaf, fc.array(leaf), tie('document')) as fc.Arbitrary<BsonDocument>,
    { maxKeys: 5, noNullPrototype: true },
  ),
}))

describe('BSON', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(document, (value) => {
        expect(decodeBson(encodeBson(value))).toEqual(value)
      }),
    )
  })

  test('is what the official library reads and writes', () => {
    const options = { useBigInt64: true, promoteBuffers: true }
    fc.assert(
      fc.property(document, (value) => {
        const theirs = BSON.deserialize(encodeBson(value), options) as BsonDocument
        expect(decodeBson(Buffer.from(BSON.serialize(theirs)))).toEqual(value)
      }),
    )
  })

  test('has ObjectIds and timestamps in the answers of servers', () => {
    const id = new BSON.ObjectId('65f000000000000000000001')
    const answer = { id, at: new BSON.Timestamp({ t: 5, i: 1 }), n: BSON.Decimal128.fromString('1') }
    expect(decodeBson(Buffer.from(BSON.serialize(answer)))).toMatchObject({
      id: Buffer.from(id.id),
      at: 5n * 2n ** 32n + 1n,
    })
  })

  test('that is cut off or unknown is refused', () => {
    const whole = encodeBson({ a: 'text', b: { c: [1, 2n] } })
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeBson(whole.subarray(0, length))).toThrow('what came is not BSON')
    expect(() => decodeBson(Buffer.from(BSON.serialize({ a: /x/ })))).toThrow('type 11')
  })
})
