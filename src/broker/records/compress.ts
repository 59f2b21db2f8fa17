// Compression of records where a topic has a codec of its own (compression.type). Who reads them need not know what wrote them: levels
// change sizes alone. LZ4 here has one level; Zstandard is compressed where Node can do it (22.15), and else written in blocks as they are.
import lz4 from 'lz4js'
import zlib from 'node:zlib'
import snappy from 'snappyjs'
import type { LogConfig } from '../log-config.ts'

/** the codecs by their number in a batch, as compression.type names them */
const codecNames = ['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'] as const

type Levels = Pick<LogConfig, 'compression.gzip.level' | 'compression.zstd.level'>

/** The number of the codec that a topic's batches get; undefined where they keep that of the producer. */
export function codecOf(compressionType: string): number | undefined {
  const codec = (codecNames as readonly string[]).indexOf(compressionType)
  return codec < 0 ? undefined : codec
}

/** version 1, independent blocks of 4 MiB at most, no checksums but that of this header: Java reads no others */
const lz4Header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73])
const lz4BlockSize = 4 * 1024 * 1024
const lz4End = Buffer.alloc(4)

/** The library lets blocks refer to those before: each is made as a frame of its own, and put into the common one. */
function toLz4(plain: Buffer): Buffer {
  const blocks: Uint8Array[] = []
  for (let at = 0; at < plain.length; at += lz4BlockSize)
    blocks.push(lz4.compress(plain.subarray(at, at + lz4BlockSize)).subarray(lz4Header.length, -lz4End.length))
  return Buffer.concat([lz4Header, ...blocks, lz4End])
}

/** the magic number, then neither sizes nor checksums, and a window of 64 KiB (RFC 8878, 3.1.1.1) */
const zstdHeader = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x30])
const zstdBlockSize = 64 * 1024

/** A frame of raw blocks (RFC 8878, 3.1.1.2): not smaller than the bytes, but every decoder reads it. */
export function storedZstd(plain: Buffer): Buffer {
  const parts: Buffer[] = [zstdHeader]
  for (let at = 0; at === 0 || at < plain.length; at += zstdBlockSize) {
    const block = plain.subarray(at, at + zstdBlockSize)
    const isLast = at + zstdBlockSize >= plain.length
    const head = Buffer.alloc(3)
    head.writeUIntLE((block.length << 3) | (isLast ? 1 : 0), 0, 3)
    parts.push(head, block)
  }
  return Buffer.concat(parts)
}

/** what newer versions of Node have */
const { zstdCompressSync, constants } = zlib as {
  readonly zstdCompressSync?: (bytes: Buffer, options: { readonly params: Record<number, number> }) => Buffer
  readonly constants: { readonly ZSTD_c_compressionLevel?: number }
}

function toZstd(plain: Buffer, level: number): Buffer {
  if (!zstdCompressSync || constants.ZSTD_c_compressionLevel === undefined) return storedZstd(plain)
  return zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: level } })
}

const codecs: readonly ((plain: Buffer, levels: Levels) => Uint8Array)[] = [
  (plain) => plain,
  (plain, levels) => zlib.gzipSync(plain, { level: levels['compression.gzip.level'] }),
  (plain) => snappy.compress(plain),
  toLz4,
  (plain, levels) => toZstd(plain, levels['compression.zstd.level']),
]

/** The bytes in a codec that `codecOf` gave. */
export function compress(codec: number, plain: Buffer, levels: Levels): Uint8Array {
  return codecs[codec]!(plain, levels)
}
