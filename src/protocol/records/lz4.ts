// LZ4 frames. The decoder believes every length that it reads, so the blocks are walked before: none may reach beyond what is there.
import lz4 from 'lz4js'

/** bits of the frame's descriptor, which is the fifth byte */
const hasContentSize = 0x08
const hasBlockChecksums = 0x10
/** magic number, descriptor, size of blocks, checksum of these */
const headerSize = 7

function refuseLongBlocks(bytes: Buffer): void {
  const descriptor = bytes[4] ?? 0
  const perBlock = (descriptor & hasBlockChecksums) === 0 ? 4 : 8
  let at = headerSize + ((descriptor & hasContentSize) === 0 ? 0 : 8)
  while (at + 4 <= bytes.length) {
    const size = bytes.readUInt32LE(at)
    if (size === 0) return
    at += perBlock + (size & 0x7fff_ffff) // the highest bit says that the block is not compressed
  }
  if (at !== bytes.length) throw new Error('a block reaches beyond the end')
}

/** What the frame holds, `limit` bytes at most: what it announces is made room for at once, so that is looked at first. */
export function unlz4(bytes: Buffer, limit: number): Uint8Array {
  refuseLongBlocks(bytes)
  const bound = lz4.decompressBound(bytes)
  if (bound > limit) throw new Error(`it unfolds to more than ${limit} bytes`)
  return lz4.decompress(bytes, bound)
}
