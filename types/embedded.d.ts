// The types of `evplat/embedded`; test/house/embedded-types.test.ts compares them with those of the sources.

export interface EmbeddedOptions {
  /** the folder that keeps the data, absolute; left out, nothing outlives the process */
  readonly data?: string
  /** when a write counts: `process` survives the death of this process, `disk` a power loss, too. `process` by default, with `data` */
  readonly durability?: 'process' | 'disk'
  /** ports on 127.0.0.1; left out or 0, free ones */
  readonly ports?: { readonly kafka?: number; readonly registry?: number }
  /** broker configs by their names in Kafka, `{ 'num.partitions': '3' }` */
  readonly configs?: Readonly<Record<string, string>>
  /** hears of what is a bug of evplat, and of what had to be cut out of damaged files */
  readonly onTrouble?: (message: string) => void
}

/** Which requests a fault rule meets; every request where nothing is named. */
export interface FaultMatch {
  /** the API's name, as in `Produce` */
  readonly api?: string
  readonly topic?: string
  /** the client id */
  readonly client?: string
  readonly group?: string
}

export interface FaultRule {
  readonly match: FaultMatch
  /** so many requests are met, then the rule is gone; without it all are */
  readonly count?: number
  /** from 0 to 1: how likely a request that matches is met */
  readonly probability?: number
  /**
   * `error`: it is answered with the error `value`, and nothing is done; where a topic is named, of that topic. `delay`: it is done `value` ms later. `drop`: it is done, and never answered.
   * `disconnect-before` and `-after`: the connection ends before it is done, or after, without an answer. `throttle`: it is done, and
   * the answer tells the client to wait for `value` ms. `move-coordinator`: for `value` ms the groups that it names have no coordinator,
   * half of them because it is away, half because it loads what they are; then it goes on with what was durable.
   */
  readonly do: 'error' | 'delay' | 'drop' | 'disconnect-before' | 'disconnect-after' | 'throttle' | 'move-coordinator'
  readonly value?: string | number
}

/** A rule with what became of it. */
export interface Fault extends FaultRule {
  readonly id: string
  /** requests that it met so far */
  readonly met: number
}

export interface EmbeddedFaults {
  /** Adds a rule; rules meet requests in the order in which they came. Throws an error with the code `fault-invalid`. */
  add(rule: FaultRule): Fault
  list(): readonly Fault[]
  /** whether there was one of that id */
  remove(id: string): boolean
  clear(): void
}

export interface Embedded {
  /** `127.0.0.1:PORT` */
  readonly bootstrap: string
  /** `http://127.0.0.1:PORT` */
  readonly registryUrl: string
  readonly faults: EmbeddedFaults
  /** Writes down what there is, and frees ports and data. */
  close(): Promise<void>
}

/**
 * Starts a Kafka broker and a Schema Registry in this process, for development and tests: they listen on this machine alone.
 * What the caller can cause is rejected with an Error that has a `code`: `port-taken`, `data-locked`, `file-unusable`,
 * `loopback-only`, `broker-refused`, `usage`.
 */
export function startEmbedded(options?: EmbeddedOptions): Promise<Embedded>
