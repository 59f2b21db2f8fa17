// What the actuator asks of the rest of a service. Others build these; the actuator only reads them, and turns the few knobs.
import type { Place } from '../../core/finding.ts'
import type { SeekTo, Sought } from '../listeners/words.ts'

export type HealthStatus = 'UP' | 'DOWN' | 'OUT_OF_SERVICE'
export type HealthGroup = 'liveness' | 'readiness'

export interface Health {
  readonly status: HealthStatus
  readonly details?: Readonly<Record<string, unknown>>
}

/** One component of `/actuator/health`. */
export interface HealthCheck {
  readonly name: string
  /** the groups that it counts in, beside the whole */
  readonly groups: readonly HealthGroup[]
  /** What it throws is DOWN. The signal aborts when nobody waits for the answer any more. */
  check(signal: AbortSignal): Health | Promise<Health>
}

export interface PartitionFacts {
  readonly partition: number
  /** records between what is committed and the end; undefined until the first fetch has told the end */
  readonly lag: number | undefined
  /** records given to handlers that have not ended */
  readonly inWork: number
  /** age of the oldest of them, in milliseconds; 0 without any */
  readonly oldestInWorkMs: number
  /** why a record holds the others back: it is tried again, or its new topic does not take it */
  readonly blockedBy?: string
  /** time since a record was handed over or handled, or the partition was assigned, in milliseconds */
  readonly quietMs: number
}

export interface ListenerFact {
  readonly topic: string
  readonly isPaused: boolean
  /** partitions that this member has: none is fine where there are more members than partitions */
  readonly partitions: readonly PartitionFacts[]
}

/** The consumer of the service, and its listeners. */
export interface ListenerFacts {
  readonly group: string
  /** `joining`: not a member (any more); `ended`: it will not be one again without a restart */
  state(): {
    readonly is: 'joining' | 'member' | 'ended'
    readonly forMs: number
    /** it was a member once */
    readonly wasMember: boolean
    readonly error?: string
  }
  list(): readonly ListenerFact[]
  /** False where nothing listens to the topic. */
  pause(topic: string): boolean
  resume(topic: string): boolean
  /**
   * Goes on from another place in the partitions that this instance has; undefined where nothing listens to the topic. Rejects with
   * `usage` for a partition or an offset that there is not, and with what the brokers answer.
   */
  seek(topic: string, to: SeekTo): Promise<Sought> | undefined
}

export interface ProducerFacts {
  /** bytes that wait for their acknowledgement */
  readonly pendingBytes: number
}

/** A value of the configuration, by its full name (`kafka.bootstrapServers`). */
export interface Setting {
  readonly name: string
  readonly value: unknown
  /** where it was found, as a person finds it: `application.yaml:4`, `environment SERVER_PORT`, `default` */
  readonly origin: string
  /** the file or the place that it comes from: `application.yaml`, `environment`, `arguments`, `defaults` */
  readonly source: string
  readonly isSecret: boolean
  /** the place in a file, for problems that are found later */
  readonly at?: Place
}

export interface SettingsFacts {
  readonly profiles: readonly string[]
  /** the values that hold */
  readonly effective: readonly Setting[]
  /** all that were found, those first that win */
  readonly found: readonly Setting[]
}

/** Loggers by name; `ROOT` is the one above all. Levels are as pino's: trace, debug, info, warn, error, fatal, silent. */
export interface Loggers {
  readonly levels: readonly string[]
  list(): ReadonlyMap<string, { readonly configured?: string; readonly effective: string }>
  /** undefined: as its parent. False where no logger has the name. */
  set(name: string, level: string | undefined): boolean
}

/** What `/actuator/info` tells. */
export interface InfoFacts {
  readonly name: string
  readonly version: string
  readonly node: string
  readonly git?: { readonly branch?: string; readonly commit: string; readonly time?: string }
}

/** A route of the service's HTTP server. */
export interface RouteFact {
  readonly method: string
  readonly path: string
}
