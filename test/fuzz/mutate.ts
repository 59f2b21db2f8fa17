// Damage to a request: one part gets another value, is cut out, doubled, or put elsewhere; tags nobody knows come in.
import type { Mark, Marked } from './marked.ts'
import type { Random } from './random.ts'

const values: Readonly<Record<'int8' | 'int16' | 'int32', readonly number[]>> = {
  int8: [0, 1, -1, 2, 127, -128],
  int16: [0, 1, -1, -2, 32_767, -32_768, 255],
  int32: [0, 1, -1, -2, 2 ** 31 - 1, -(2 ** 31), 65_536, 16_777_216],
}
const longs = [0n, -1n, 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, -(2n ** 53n) - 1n]
/** as bytes: 0, 1, 2, 127, 2^32-1, more than 32 bits, one that never ends, zero in long forms */
const uvarints = [
  '00',
  '01',
  '02',
  '7f',
  'ffffffff0f',
  'ffffffff7f',
  'ffffffffffffffffffff',
  '8080808000',
  '8000',
  '80808000',
].map((hex) => Buffer.from(hex, 'hex'))

function instead(mark: Mark, random: Random): Buffer {
  switch (mark.kind) {
    case 'uvarint':
      return random.pick(uvarints)
    case 'bytes':
      return random.bytes(random.pick([0, 1, mark.size, mark.size + 1, 40]))
    case 'int64': {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64BE(random.pick(longs))
      return bytes
    }
    default: {
      const bytes = Buffer.alloc(mark.size)
      bytes.writeIntBE(random.pick(values[mark.kind]), 0, mark.size)
      return bytes
    }
  }
}

const splice = (frame: Buffer, at: number, end: number, by: Buffer): Buffer =>
  Buffer.concat([frame.subarray(0, at), by, frame.subarray(end)])

/** `count` tags of a few bytes each, as KIP-482 writes them */
function tags(random: Random): Buffer {
  const count = random.pick([1, 2, 127])
  const each = Array.from({ length: count }, () => Buffer.from([random.below(128), 2, 0xab, 0xcd]))
  return Buffer.concat([Buffer.from([count]), ...each])
}

type Damage = (frame: Buffer, mark: Mark, random: Random) => Buffer

const damages: readonly Damage[] = [
  (frame, mark, random) => splice(frame, mark.at, mark.at + mark.size, instead(mark, random)),
  (frame, mark, random) => splice(frame, mark.at, mark.at + mark.size, instead(mark, random)),
  (frame, { at, size }) => splice(frame, at, at + size, Buffer.alloc(0)),
  (frame, { at }) => frame.subarray(0, at),
  (frame, { at, size }) => splice(frame, at, at, frame.subarray(at, at + size)),
  (frame, { at }, random) => splice(frame, at, at, frame.subarray(at, at + random.below(60))),
  (frame, { at, kind, size }, random) => (kind === 'uvarint' ? splice(frame, at, at + size, tags(random)) : frame),
  (frame, { at }, random) => splice(frame, at, at, random.bytes(1 + random.below(8))),
  (frame, _, random) => Buffer.concat([frame, random.bytes(random.below(30))]),
]

/** One damage, sometimes several; the header is spared mostly, so that the body is looked at. */
export function mutate({ frame, marks }: Marked, random: Random): Buffer {
  const inBody = marks.filter(({ at }) => at >= 14)
  let damaged = frame
  for (let left = random.pick([1, 1, 1, 2, 4]); left > 0; left--) {
    const mark = random.pick(inBody.length === 0 || random.oneIn(30) ? marks : inBody)
    damaged = random.pick(damages)(damaged, mark, random)
  }
  return damaged
}
