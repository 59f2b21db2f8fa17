// What a runtime does for the commands. Each is loaded by those alone whose stack runs on it.
import type { StackSettings } from '../platform/platform.ts'
import type { LogLine } from './logs.ts'
import type { StackData } from './processes/down.ts'
import type { StackOptions } from './processes/options.ts'
import type { RuntimeChoice, RuntimeName } from './runtime.ts'
import type { StackRecord } from './stack-file.ts'
import type { StackStatus } from './status.ts'

/** A stack, whether it runs or not. */
export interface StackPlace {
  /** the folder of platform.yaml, absolute */
  readonly folder: string
  /** the name of the platform */
  readonly project: string
  /** undefined where platform.yaml can't be read: then there is a record */
  readonly settings?: StackSettings
  readonly record?: StackRecord
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

export interface UpOptions extends StackOptions, StackPlace {
  readonly settings: StackSettings
  readonly choice: RuntimeChoice
  /** these and what they need; all when there are none */
  readonly servers: readonly string[]
  /** of containers: when images are pulled */
  readonly pull: 'always' | 'missing' | 'never'
  /** of containers: remove those that platform.yaml does not name any more */
  readonly removeOrphans: boolean
}

export interface DownOptions extends StackOptions, StackPlace {
  readonly deleteData: boolean
}

export interface RestartOptions extends StackOptions, StackPlace {
  readonly settings: StackSettings
  /** all when there are none */
  readonly servers: readonly string[]
}

export interface StackRuntime {
  /** answers the state when every server has answered a real request */
  readonly up: (options: UpOptions) => Promise<StackStatus>
  /** answers the names of the servers that ran */
  readonly down: (options: DownOptions) => Promise<string[]>
  /** stops the servers and starts them again; answers the state as `up` does */
  readonly restart: (options: RestartOptions) => Promise<StackStatus>
  readonly readStatus: (place: StackPlace) => Promise<StackStatus>
  /** what `down --volumes` would delete; undefined where there is nothing */
  readonly readData: (place: StackPlace) => Promise<StackData | undefined>
  /** the servers that have written a log; all, or the one that is asked for. Throws `stack-missing` or `usage` */
  readonly serversWithLogs: (place: StackPlace, wanted: string | undefined) => Promise<string[]>
  /** the last `count` lines of each server, together by time */
  readonly readLogs: (place: StackPlace, servers: readonly string[], count: number) => Promise<LogLine[]>
  /** the same, then those that come, until the signal of the place aborts */
  readonly followLogs: (place: StackPlace, servers: readonly string[], count: number) => AsyncIterable<LogLine[]>
}

/** The code of a runtime. */
export async function loadRuntime(name: RuntimeName): Promise<StackRuntime> {
  if (name === 'docker') return (await import('./docker/docker-runtime.ts')).dockerRuntime
  return (await import('./processes/process-runtime.ts')).processRuntime(name)
}
