// The four codecs of record batches, all by well-kept decoders.
import { Decompress } from 'fzstd'
import zlib from 'node:zlib'
import { EvplatError, messageOf } from '../../core/errors.ts'
import { unlz4 } from './lz4.ts'
import { unsnappy } from './snappy.ts'

/** No batch may unfold to more than this many bytes. */
const mostBytes = 1 << 30

const tooLarge = (limit: number): Error => new Error(`it unfolds to more than ${limit} bytes`)

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
