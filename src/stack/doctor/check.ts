import type { StackSettings } from '../../platform/platform.ts'
import type { RuntimeName } from '../runtime.ts'

/** One thing that was looked at. */
export interface Check {
  /** `engine`, `java`, `port 9092` */
  readonly name: string
  /** `missing`: the declared stack can't start. `warning`: it can, and something may come of it */
  readonly state: 'ok' | 'warning' | 'missing'
  readonly fact: string
  /** what to do about it; not where it is `ok` */
  readonly remedy?: string
  /** all that was tried, a line each */
  readonly tried?: readonly string[]
}

/** What was looked at as a whole, in its published shape. */
export interface Diagnosis {
  /** what the stack would run on */
  readonly runtime: RuntimeName
  /** whether nothing is missing */
  readonly ready: boolean
  readonly checks: readonly Check[]
}

/** What the checks are made for. */
export interface Patient {
  /** of platform.yaml, absolute */
  readonly folder: string
  /** the name of the platform; undefined where there is none */
  readonly project?: string
  readonly runtime: RuntimeName
  readonly settings: StackSettings
  /** of all declared topics together, each copy counted */
  readonly replicas: number
  /** of all declared topics together */
  readonly partitions: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}
