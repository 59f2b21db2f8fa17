import type { KafkaMessage } from 'kafkajs'

const none = Buffer.alloc(0)

/** A message that a group's member was given, as a record: key and value side by side in one range of bytes. */
export class MessageView {
  readonly bytes: Buffer
  readonly offset: number
  readonly timestamp: number
  readonly keyStart: number
  readonly keyEnd: number
  readonly valueStart: number
  readonly valueEnd: number
  private readonly message: KafkaMessage

  constructor(message: KafkaMessage) {
    const { key, value } = message
    this.message = message
    this.bytes = Buffer.concat([key ?? none, value ?? none])
    this.offset = Number(message.offset)
    this.timestamp = Number(message.timestamp)
    this.keyStart = key === null ? -1 : 0
    this.keyEnd = key?.length ?? 0
    this.valueStart = value === null ? -1 : this.keyEnd
    this.valueEnd = this.bytes.length
  }

  get headerCount(): number {
    return this.headers().length
  }

  key(): Buffer | null {
    return this.message.key
  }

  value(): Buffer | null {
    return this.message.value
  }

  /** Headers of one name stand together: the order between different names is what kafkajs keeps. */
  headers(): [name: string, value: Buffer | null][] {
    return Object.entries(this.message.headers ?? {}).flatMap(([name, values]) =>
      [values]
        .flat()
        .map((value): [string, Buffer | null] => [
          name,
          value === undefined || value === null ? null : Buffer.from(value),
        ]),
    )
  }
}
