// Snappy, bare or in the frame of Java. The decoder believes every length that it reads and takes those of 2 GiB and more for
// negative, so the elements of a block are walked before (google/snappy, format_description.txt).
import snappy from 'snappyjs'

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
/** magic number, version, oldest version that can read it */
const xerialHeaderSize = 16

/** the lowest two bits of an element's first byte */
const literal = 0
/** bytes of a copy, by these two bits */
const copySizes = [0, 2, 3, 5]
/** six bits of a length in the first byte; of the last four values each says how many bytes hold it instead */
const longestInTag = 60

/** How many bytes the literal at `at` takes, its tag and length included. */
function literalSize(block: Buffer, at: number): number {
  const length = block.readUInt8(at) >>> 2
  const lengthBytes = length - longestInTag + 1
  if (lengthBytes <= 0) return 1 + length + 1
  if (at + 1 + lengthBytes > block.length) return Infinity
  return 1 + lengthBytes + block.readUIntLE(at + 1, lengthBytes) + 1
}

function refuseLongElements(block: Buffer): void {
  let at = 0
  while (at < block.length && block.readUInt8(at) >= 0x80) at++ // the varint of the plain length
  at++
  while (at < block.length) {
    const kind = block.readUInt8(at) & 3
    at += kind === literal ? literalSize(block, at) : copySizes[kind]!
  }
  if (at !== block.length) throw new Error('an element reaches beyond the end')
}

function unfold(block: Buffer, limit: number): Buffer {
  refuseLongElements(block)
  return snappy.uncompress(block, limit)
}

/** What the blocks hold, `limit` bytes at most: Java writes blocks with their lengths after a header, librdkafka one bare block. */
export function unsnappy(bytes: Buffer, limit: number): Buffer {
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) return unfold(bytes, limit)
  const parts: Buffer[] = []
  let left = limit
  for (let at = xerialHeaderSize; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readUInt32BE(at)
    if (end > bytes.length) throw new Error('a block reaches beyond the end')
    const part = unfold(bytes.subarray(at + 4, end), left)
    parts.push(part)
    left -= part.length
    at = end
  }
  return Buffer.concat(parts)
}
