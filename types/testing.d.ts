// The types of `evplat/testing`; test/house/testing-types.test.ts compares them with those of the sources.
import type { KeyOf, SendOptions, Sent, SentOf, ServiceDefinition, Topics, ValueOf } from '@evplat/service'
import type { Embedded } from './embedded.js'

export interface TestOptions {
  /** of the service: where its application.yaml stands. The current folder unless given */
  readonly folder?: string
  /** settings that come before those of application.yaml, by their full names: `{ 'logging.level.ROOT': 'debug' }` */
  readonly settings?: Readonly<Record<string, string>>
  /** of each topic; 3 unless given */
  readonly partitions?: number
}

/** A record as a test wants to see it. */
export interface TestRecord<Key, Value> {
  readonly partition: number
  readonly offset: number
  readonly key: Key | null
  readonly value: Value
  readonly headers: ReadonlyMap<string, string>
}

export interface RawRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: ReadonlyMap<string, string>
}

export interface BytesToSend {
  readonly key?: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: Readonly<Record<string, string>>
  readonly partition?: number
}

/** Where a record stands; `timestamp` in milliseconds since 1970. */
export interface Placed {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
}

export interface TestedService<T extends Topics> {
  /** where it answers, `http://127.0.0.1:PORT` */
  readonly url: string
  readonly embedded: Embedded
  /** what it has logged, a line each */
  readonly log: readonly string[]
  /** Sends an event as another service would. */
  send<Name extends string & keyof T>(
    topic: Name,
    event: SentOf<T[Name]>,
    options?: SendOptions<KeyOf<T[Name]>>,
  ): Promise<Sent>
  /** Writes bytes as they are: what no reader understands, too. */
  sendBytes(topic: string, record: BytesToSend): Promise<Placed>
  /** Resolves when the service has handled so many records of the topic (1) since it started; throws after the time (10 s). */
  handled(topic: string, count?: number, options?: { readonly timeoutMs?: number }): Promise<void>
  /** The events of a topic: what the service has sent, and what was sent to it. */
  events<Name extends string & keyof T>(topic: Name): Promise<readonly TestRecord<KeyOf<T[Name]>, ValueOf<T[Name]>>[]>
  /** What it put aside of a topic that it listens to. */
  deadLetters(topic: string): Promise<readonly RawRecord[]>
  /** partition -> offset that its group has committed */
  committed(topic: string): Promise<ReadonlyMap<number, number>>
  /** Goes on from the beginning, the end or a time in a topic that it listens to: its handlers see again what is read again. */
  seek(topic: string, to: 'earliest' | 'latest' | Date): Promise<void>
  /** It is so many milliseconds later from now on: retries are due. */
  skip(ms: number): void
  /** Ends the service in order, then the broker and the registry. Throws where a step of the end failed. */
  stop(): Promise<void>
}

/**
 * Starts a broker, a registry and the service on free ports, with its topics and schemas in place, and waits until it is a member
 * of its group. Settings are those of its application.yaml, with the profile `test`; the environment is not looked at.
 */
export function startService<T extends Topics, Config>(
  definition: ServiceDefinition<T, Config>,
  options?: TestOptions,
): Promise<TestedService<T>>
