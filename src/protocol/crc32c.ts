// CRC-32C (Castagnoli, RFC 3720 appendix B.4), sixteen bytes a step ("slicing by 16"), read as four words where the bytes are aligned
// for it: two and a half times as fast as byte by byte of a Buffer.

const polynomial = 0x82f63b78

function tables(): readonly Int32Array[] {
  const first = new Int32Array(256)
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ polynomial : c >>> 1
    first[n] = c
  }
  const all = [first]
  for (let k = 1; k < 16; k++) {
    const before = all[k - 1]!
    all.push(Int32Array.from(before, (c) => (c >>> 8) ^ first[c & 0xff]!))
  }
  return all
}

/** words are read in the order of the machine, and the steps want the lowest byte first */
const isLittleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1
/** a view costs more than it gains on fewer bytes */
const fewest = 64

/** The sum over bytes one by one, and that over words, of which there is a multiple of four. */
interface Sums {
  readonly bytes: (crc: number, bytes: Uint8Array, start: number, end: number) => number
  readonly words: (crc: number, words: Int32Array) => number
}

// The tables are constants of one closure, which the compiler puts into the code: twice as fast as variables of the module.
function sumsOver([t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15]: readonly Int32Array[]): Sums {
  return {
    bytes: (crc, bytes, start, end) => {
      for (let at = start; at < end; at++) crc = (crc >>> 8) ^ t0![(crc ^ bytes[at]!) & 0xff]!
      return crc
    },
    words: (crc, words) => {
      for (let n = 0; n < words.length; n += 4) {
        const a = words[n]! ^ crc
        const b = words[n + 1]!
        const c = words[n + 2]!
        const d = words[n + 3]!
        crc =
          t15![a & 0xff]! ^
          t14![(a >>> 8) & 0xff]! ^
          t13![(a >>> 16) & 0xff]! ^
          t12![a >>> 24]! ^
          t11![b & 0xff]! ^
          t10![(b >>> 8) & 0xff]! ^
          t9![(b >>> 16) & 0xff]! ^
          t8![b >>> 24]! ^
          t7![c & 0xff]! ^
          t6![(c >>> 8) & 0xff]! ^
          t5![(c >>> 16) & 0xff]! ^
          t4![c >>> 24]! ^
          t3![d & 0xff]! ^
          t2![(d >>> 8) & 0xff]! ^
          t1![(d >>> 16) & 0xff]! ^
          t0![d >>> 24]!
      }
      return crc
    },
  }
}

const sums = sumsOver(tables())

/** The checksum of `bytes[start, end)` as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  if (end - start < fewest || !isLittleEndian) return ~sums.bytes(-1, bytes, start, end) >>> 0
  const aligned = start + (-(bytes.byteOffset + start) & 3)
  const words = ((end - aligned) >>> 4) * 4
  let crc = sums.bytes(-1, bytes, start, aligned)
  crc = sums.words(crc, new Int32Array(bytes.buffer, bytes.byteOffset + aligned, words))
  return ~sums.bytes(crc, bytes, aligned + words * 4, end) >>> 0
}
