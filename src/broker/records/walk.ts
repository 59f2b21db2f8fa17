// Walks the plain records of a batch and checks their structure: lengths, deltas, headers, nothing left over.

/** Hears of each record; times are relative to the batch's base timestamp. */
export type OnRecord = (index: number, timestampDelta: number, hasKey: boolean) => void

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

/** Whether `body` holds `count` well-formed records with offsets one after the other, and nothing else. */
export function walkRecords(body: Buffer, count: number, onRecord: OnRecord): boolean {
  const walk = new Walk(body)
  for (let index = 0; index < count; index++) {
    const length = walk.varint()
    const end = walk.at + length
    if (walk.isBroken || length < 0 || end > body.length) return false
    walk.byte() // attributes: unused, and ignored by Kafka too
    const timestampDelta = walk.varint(10)
    if (walk.varint() !== index) return false
    const key = walk.varint()
    walk.skip(key)
    walk.skip(walk.varint())
    if (walk.at > end || !walkHeaders(walk, end) || walk.isBroken) return false
    onRecord(index, timestampDelta, key >= 0)
  }
  return walk.at === body.length
}
