// The fault rules of a broker, and which of them meets a request.
import type { FaultMatch, FaultRule } from './rule.ts'

/** A rule with what became of it. */
export interface Fault extends FaultRule {
  readonly id: string
  /** requests that it met so far */
  readonly met: number
}

/** A request as rules see it; its names are looked for only when a rule asks. */
export interface Meeting {
  readonly api: string
  readonly client: string | null
  topics(): ReadonlySet<string>
  groups(): ReadonlySet<string>
}

export interface Faults {
  /** Answers the rule with its id. Rules meet requests in the order in which they came. */
  add(rule: FaultRule): Fault
  list(): readonly Fault[]
  isEmpty(): boolean
  /** whether there was one of that id */
  remove(id: string): boolean
  clear(): void
  /** the first rule that meets a request; one whose count is used up is gone then */
  meet(meeting: Meeting): FaultRule | undefined
}

function matches({ api, client, topic, group }: FaultMatch, meeting: Meeting): boolean {
  return (
    (api === undefined || api === meeting.api) &&
    (client === undefined || client === meeting.client) &&
    (topic === undefined || meeting.topics().has(topic)) &&
    (group === undefined || meeting.groups().has(group))
  )
}

/** No rules yet. `random` gives numbers from 0 to 1. */
export function createFaults(random: () => number = Math.random): Faults {
  const rules = new Map<string, FaultRule & { id: string; met: number }>()
  let last = 0
  return {
    add(rule) {
      const id = String(++last)
      const fault = { id, ...rule, met: 0 }
      rules.set(id, fault)
      return { ...fault }
    },
    isEmpty: () => rules.size === 0,
    list: () => Array.from(rules.values(), (fault) => ({ ...fault })),
    remove: (id) => rules.delete(id),
    clear: () => rules.clear(),
    meet(meeting) {
      for (const fault of rules.values()) {
        if (!matches(fault.match, meeting)) continue
        if (fault.do === 'move-coordinator' && meeting.groups().size === 0) continue
        if (fault.probability !== undefined && random() >= fault.probability) continue
        fault.met += 1
        if (fault.met === fault.count) rules.delete(fault.id)
        return fault
      }
      return undefined
    },
  }
}
