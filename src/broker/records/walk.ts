// Walks the plain records of a batch and checks their structure: lengths, headers, nothing left over.

/** Where the parts of one record stand; the same object for every record of a walk. */
export interface WalkedRecord {
  /** in ms, from the base timestamp of the batch */
  timestampDelta: number
  /** from the base offset of the batch */
  offsetDelta: number
  /** what follows the deltas, from the length of the key to the end of the record */
  restStart: number
  end: number
  /** -1 where there is no key */
  keyStart: number
  keyEnd: number
  hasValue: boolean
}

class Walk {
  private readonly bytes: Buffer
  at = 0
  isBroken = false

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  byte(): number {
    const byte = this.bytes[this.at++]
    if (byte === undefined) this.isBroken = true
    return byte ?? 0
  }

  /** a zigzag varint; of more than `bytesAtMost` bytes it is broken */
  varint(bytesAtMost = 5): number {
    let byte = this.byte()
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
    let value = byte & 0x7f
    for (let scale = 128, n = 1; byte >= 0x80; scale *= 128, n++) {
      if (n === bytesAtMost) {
        this.isBroken = true
        return 0
      }
      byte = this.byte()
      value += (byte & 0x7f) * scale
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  skip(length: number): void {
    if (length > 0) this.at += length
  }
}

function walkHeaders(walk: Walk, end: number): boolean {
  const count = walk.varint()
  if (count < 0 || count > end - walk.at) return false
  for (let n = 0; n < count; n++) {
    const name = walk.varint()
    if (name < 0) return false
    walk.skip(name)
    walk.skip(walk.varint())
    if (walk.at > end) return false
  }
  return walk.at === end
}

/**
 * Calls `onRecord` for `count` records. False where `body` does not hold so many well-formed records and nothing else; then those
 * before the first broken one were told.
 */
export function walkRecords(body: Buffer, count: number, onRecord: (record: WalkedRecord) => void): boolean {
  const walk = new Walk(body)
  const none = -1
  const record: WalkedRecord = {
    timestampDelta: 0,
    offsetDelta: 0,
    restStart: none,
    end: none,
    keyStart: none,
    keyEnd: none,
    hasValue: false,
  }
  for (let n = 0; n < count; n++) {
    const length = walk.varint()
    record.end = walk.at + length
    if (walk.isBroken || length < 0 || record.end > body.length) return false
    walk.byte() // attributes: unused, and ignored by Kafka too
    record.timestampDelta = walk.varint(10)
    record.offsetDelta = walk.varint()
    record.restStart = walk.at
    const key = walk.varint()
    record.keyStart = key < 0 ? -1 : walk.at
    walk.skip(key)
    record.keyEnd = walk.at
    const value = walk.varint()
    record.hasValue = value >= 0
    walk.skip(value)
    if (walk.at > record.end || !walkHeaders(walk, record.end) || walk.isBroken) return false
    onRecord(record)
  }
  return walk.at === body.length
}
