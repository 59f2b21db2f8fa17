// The four codecs of record batches, all by well-kept decoders.
import { Decompress } from 'fzstd'
import zlib from 'node:zlib'
import snappy from 'snappyjs'
import { EvplatError, messageOf } from '../../core/errors.ts'
import { unlz4 } from './lz4.ts'

/** No batch may unfold to more than this many bytes. */
const mostBytes = 1 << 30

const tooLarge = (limit: number): Error => new Error(`it unfolds to more than ${limit} bytes`)

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])

/** Snappy as Java writes it: blocks with their lengths after a header of 16 bytes; or one bare block, as librdkafka writes it. */
function unsnappy(bytes: Buffer, limit: number): Buffer {
  if (!bytes.subarray(0, 8).equals(xerialMagic)) return Buffer.from(snappy.uncompress(bytes, limit))
  const parts: Uint8Array[] = []
  let left = limit
  for (let at = 16; at + 4 <= bytes.length;) {
    const size = bytes.readInt32BE(at)
    const part = snappy.uncompress(bytes.subarray(at + 4, at + 4 + size), left)
    parts.push(part)
    left -= part.length
    at += 4 + size
  }
  return Buffer.concat(parts)
}

function unzstd(bytes: Buffer, limit: number): Buffer {
  const parts: Uint8Array[] = []
  let size = 0
  const stream = new Decompress((part) => {
    size += part.length
    if (size > limit) throw tooLarge(limit)
    parts.push(part)
  })
  stream.push(bytes, true)
  return Buffer.concat(parts)
}

const codecs: readonly ((bytes: Buffer, limit: number) => Uint8Array)[] = [
  (bytes) => bytes,
  (bytes, limit) => zlib.gunzipSync(bytes, { maxOutputLength: limit }),
  unsnappy,
  unlz4,
  unzstd,
]

/**
 * The bytes of a batch's records, which may be `limit` at most. Throws `malformed-message` for an unknown codec, for bytes that
 * are not of it, and for more than the limit.
 */
export function decompress(codec: number, bytes: Buffer, limit = mostBytes): Buffer {
  const unfold = codecs[codec]
  if (!unfold) throw new EvplatError('malformed-message', `compression codec ${codec} is not known`)
  try {
    const plain = unfold(bytes, limit)
    return Buffer.isBuffer(plain) ? plain : Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
  } catch (thrown) {
    throw new EvplatError('malformed-message', `a compressed record batch can't be read: ${messageOf(thrown)}`, {
      cause: thrown,
    })
  }
}
