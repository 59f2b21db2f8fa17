// Where the embedded broker answers otherwise than Apache Kafka 3.9, and why. Whatever is not here is equal.
//
// No scenario shows what Kafka 3.9 never answers; the embedded broker does answer:
// - a join with a protocol that is named twice: it counts where it is named first;
// - OffsetFetch 8 and 9 for no groups: an answer without groups;
// - a join or sync of a member whose older one still waits: the older one is answered REBALANCE_IN_PROGRESS;
// - a sync that waits while its member leaves: UNKNOWN_MEMBER_ID.
// After a restart a member's protocols are all known, where Kafka has kept the chosen one alone.

export interface Difference {
  /** the line of the golden, counted from 0 */
  readonly step: number
  readonly kafka: object
  readonly ours: object
  readonly why: string
}

/** by the name of the scenario */
export const accepted: Readonly<Record<string, readonly Difference[]>> = {}
