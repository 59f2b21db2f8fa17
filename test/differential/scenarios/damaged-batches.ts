// Batches with something wrong in them, by what it is.
import { batchAt, batchPrefix } from '../../../src/protocol/records/batch.ts'
import { batchOf } from '../../support/log-fixture.ts'
import { changed, valued } from '../data-requests.ts'

const abc = batchOf(valued(['a', 'b', 'c']))
const one = batchOf(valued(['a']))

/** with a wrong checksum */
export function broken(): Buffer {
  const own = Buffer.from(abc)
  own[own.length - 1]! ^= 1
  return own
}

/** what is wrong -> the bytes, tried at a low and at the highest version. (Kafka does not answer at all to null for records.) */
export const wrong: Readonly<Record<string, readonly Buffer[]>> = {
  'no bytes': [Buffer.alloc(0)],
  'a few bytes': [Buffer.alloc(5), Buffer.alloc(12), Buffer.alloc(16), Buffer.alloc(17), Buffer.alloc(61)],
  'a wrong checksum': [broken(), Buffer.concat([one.subarray(0, 17), Buffer.alloc(4), one.subarray(21)])],
  'a wrong magic': [0, 1, 3, -1, 127].map((magic) => changed((b) => b.writeInt8(magic, batchAt.magic))),
  'several batches': [Buffer.concat([one, one]), Buffer.concat([one, abc, one])],
  'a batch and a piece of another': [1, 11, 12, 16, 17, 60, 70].map((size) =>
    Buffer.concat([one, abc.subarray(0, size)]),
  ),
  'a batch cut short': [20, 60, 61, 62, abc.length - 1].map((size) => abc.subarray(0, size)),
  'a length that can not be': [-1, 0, 13, 14, 40, 48, 2 ** 31 - 1].map((n) =>
    changed((b) => b.writeInt32BE(n, batchAt.length)),
  ),
  'a batch that claims to be of the log': [
    changed((b) => b.writeBigInt64BE(7n, batchAt.baseOffset)),
    changed((b) => b.writeBigInt64BE(-1n, batchAt.baseOffset)),
  ],
  'a leader epoch': [changed((b) => b.writeInt32BE(77, batchAt.leaderEpoch))],
  'counts that are wrong': [0, -1, 1, 2, 4, 2 ** 31 - 1].map((n) => changed((b) => b.writeInt32BE(n, batchAt.count))),
  'last offsets that are wrong': [-1, 0, 1, 3, 2 ** 31 - 1].map((n) =>
    changed((b) => b.writeInt32BE(n, batchAt.lastOffsetDelta)),
  ),
  'counts that are wrong together': [1, 2, 4, 100].map((n) =>
    changed((b) => {
      b.writeInt32BE(n, batchAt.count)
      b.writeInt32BE(n - 1, batchAt.lastOffsetDelta)
    }),
  ),
  'a control batch': [changed((b) => b.writeInt16BE(0x20, batchAt.attributes))],
  'attributes that nobody knows': [0x40, 0x80, 0x7f00, 0x08].map((bits) =>
    changed((b) => b.writeInt16BE(bits, batchAt.attributes)),
  ),
  'codecs that nobody knows': [5, 6, 7].map((codec) => changed((b) => b.writeInt16BE(codec, batchAt.attributes))),
  'records that are broken': [
    ...[0, 1, 2, 5, 40, 127].map((byte) => changed((b) => (b[batchAt.records] = byte))),
    ...[0, 1, 4, 5, 6, 7].map((at) => changed((b) => (b[batchAt.records + at] = 0xff))),
  ],
  'records out of order': [
    ...[2, 3].map((at) => changed((b) => (b[batchAt.records + at] = 0xff))),
    changed((b) => (b[batchAt.records + 3] = 2)),
    changed((b) => (b[batchAt.records + 3] = 1)),
  ],
  'bytes behind the records': [0, 1, 7].map((byte) => longer(byte)),
}

function longer(byte: number): Buffer {
  const own = Buffer.concat([abc, Buffer.from([byte])])
  return changed((b) => b.writeInt32BE(b.length - batchPrefix, batchAt.length), own)
}
