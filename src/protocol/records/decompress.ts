// The four codecs of record batches, all by well-kept decoders.
import { decompress as unzstd } from 'fzstd'
import lz4 from 'lz4js'
import zlib from 'node:zlib'
import snappy from 'snappyjs'
import { EvplatError, messageOf } from '../../core/errors.ts'

/** No batch may unfold to more than this many bytes. */
const limit = 1 << 30

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])

/** Snappy as Java writes it: blocks with their lengths after a header of 16 bytes; or one bare block, as librdkafka writes it. */
function unsnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, 8).equals(xerialMagic)) return Buffer.from(snappy.uncompress(bytes, limit))
  const parts: Uint8Array[] = []
  for (let at = 16; at + 4 <= bytes.length;) {
    const size = bytes.readInt32BE(at)
    parts.push(snappy.uncompress(bytes.subarray(at + 4, at + 4 + size), limit))
    at += 4 + size
  }
  return Buffer.concat(parts)
}

const codecs: readonly ((bytes: Buffer) => Uint8Array)[] = [
  (bytes) => bytes,
  (bytes) => zlib.gunzipSync(bytes, { maxOutputLength: limit }),
  unsnappy,
  (bytes) => lz4.decompress(bytes),
  (bytes) => unzstd(bytes),
]

/** The bytes of a batch's records. Throws `malformed-message` for an unknown codec and for bytes that are not of it. */
export function decompress(codec: number, bytes: Buffer): Buffer {
  const unfold = codecs[codec]
  if (!unfold) throw new EvplatError('malformed-message', `compression codec ${codec} is not known`)
  try {
    const plain = unfold(bytes)
    return Buffer.isBuffer(plain) ? plain : Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
  } catch (thrown) {
    throw new EvplatError('malformed-message', `a compressed record batch can't be read: ${messageOf(thrown)}`, {
      cause: thrown,
    })
  }
}
