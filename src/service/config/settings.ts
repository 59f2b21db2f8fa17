// What a service is set up with: application.yaml, profiles, environment and arguments, read into one value.
import type { ClusterSettings, RegistrySettings } from '../../core/connection-settings.ts'
import type { Json } from '../../core/json.ts'
import type { Exposure } from '../actuator/exposure.ts'
import type { ShowDetails } from '../actuator/health-routes.ts'
import type { ListenerBounds } from '../actuator/health-checks.ts'
import type { Limits } from '../listeners/words.ts'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** Times in milliseconds, sizes in bytes. */
export interface ServiceSettings {
  readonly server: {
    readonly address: string
    /** 0 for any free one */
    readonly port: number
    readonly maxBodyBytes: number
    /** how long readiness says no before connections are refused */
    readonly graceMs: number
    /** for the whole shutdown */
    readonly shutdownMs: number
  }
  readonly management: {
    readonly address: string
    /** undefined: the actuator is on the server's port */
    readonly port: number | undefined
    readonly exposure: Exposure
    readonly showDetails: ShowDetails
    readonly bounds: ListenerBounds
    /** an event loop that is later than this is not ready */
    readonly maxEventLoopDelayMs: number
  }
  readonly kafka: ClusterSettings
  /** undefined where no topic of the service has an Avro schema and none is set */
  readonly registry: RegistrySettings | undefined
  readonly producer: {
    /** a record that no broker took in this time is refused, and not sent after that */
    readonly deliveryMs: number
    readonly maxPendingBytes: number
    /** topic -> the field of its events that is the key where a request names none */
    readonly keyFields: Readonly<Record<string, string>>
  }
  readonly listener: Partial<Limits>
  readonly logging: {
    readonly format: 'json' | 'text'
    /** by name of the logger; ROOT is the one above all */
    readonly levels: Readonly<Record<string, LogLevel>>
  }
  /** what stands under `app:`, for the service's own schema */
  readonly app: Readonly<Record<string, Json>>
}
