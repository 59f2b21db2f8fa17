// What the rest of a service needs of its logs.
import type { Log } from '../definition.ts'
import type { Loggers } from '../actuator/ports.ts'

export interface Logs {
  /** The log of a part of the service: `http`, `listeners`, `kafka`, `app`, or a topic's listener (`listeners.orders.placed`). */
  logger(name: string): Log
  /** levels, read and changed at run time */
  readonly loggers: Loggers
  /** everything that was told is written when it resolves */
  flush(): Promise<void>
}
