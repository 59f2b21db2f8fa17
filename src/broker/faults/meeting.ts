// A decoded request as fault rules look at it.
import type { Broker } from '../broker.ts'
import type { Meeting } from './faults.ts'
import { groupsIn, topicsIn } from './names-in.ts'

/** Looks for names in the request only when a rule asks for them. */
export function meetingOf({ topics }: Broker, api: string, client: string | null, request: object): Meeting {
  return {
    api,
    client,
    topics: () => topicsIn(request, (id) => topics.byId(id)?.name),
    groups: () => groupsIn(request),
  }
}
