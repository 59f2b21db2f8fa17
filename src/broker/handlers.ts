// The handlers of the broker: what stands in the folder handlers/ is advertised (served.ts is its list), what does not is not there.
import type { Handler } from './handler.ts'
import { tellApiVersions } from './handlers/api-versions.ts'
import { served } from './served.ts'

/** by the key of their API */
export const handlers: ReadonlyMap<number, Handler> = new Map(
  [...served, tellApiVersions(served)].map((handler) => [handler.api.key, handler]),
)

/** the names of what is served, as fault rules use them */
export const apiNames: ReadonlySet<string> = new Set(Array.from(handlers.values(), ({ api }) => api.name))
