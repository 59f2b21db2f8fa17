// Everything that was ever sent, by a serial number that each record carries as its timestamp: what is read back is recognised by it.
import { crc32c } from '../../src/protocol/crc32c.ts'

export interface Content {
  readonly key: string | null
  readonly value: string | null
}

/** What the serial stands for: the `n`th record of a producer. */
export interface Sent {
  readonly producer: number
  readonly n: number
}

const hashOf = ({ key, value }: Content): number => {
  const bytes = Buffer.from(JSON.stringify([key, value]))
  return crc32c(bytes, 0, bytes.length)
}

export class Ledger {
  private readonly base: number
  private readonly producers: number[] = []
  private readonly numbers: number[] = []
  private readonly hashes: number[] = []

  /** `base` is the timestamp of serial 0, in ms. */
  constructor(base: number) {
    this.base = base
  }

  get size(): number {
    return this.hashes.length
  }

  /** Takes note of a record before it is sent. Answers its timestamp. */
  enter({ producer, n }: Sent, content: Content): number {
    this.producers.push(producer)
    this.numbers.push(n)
    this.hashes.push(hashOf(content))
    return this.base + this.hashes.length - 1
  }

  serialOf(timestamp: number): number {
    return timestamp - this.base
  }

  /** Who sent it; undefined when nobody sent a record of that serial, or not with these bytes. */
  find(timestamp: number, content: Content): Sent | undefined {
    const serial = this.serialOf(timestamp)
    if (this.hashes[serial] !== hashOf(content)) return undefined
    return { producer: this.producers[serial]!, n: this.numbers[serial]! }
  }
}
