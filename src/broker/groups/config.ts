// The broker settings that the group coordinator honours, by Kafka's own names.

export interface GroupsConfig {
  /** the range of session time-outs that members may ask for, in ms */
  readonly 'group.min.session.timeout.ms': number
  readonly 'group.max.session.timeout.ms': number
  /** members of one group at most */
  readonly 'group.max.size': number
  /** how long an empty group waits for more members before its first generation, in ms */
  readonly 'group.initial.rebalance.delay.ms': number
  readonly 'offsets.retention.minutes': number
  readonly 'offsets.retention.check.interval.ms': number
  /** characters of the text that a client may keep beside an offset */
  readonly 'offset.metadata.max.bytes': number
}

/** As Kafka 3.9, but that the first generation does not wait: tests and development start their members one by one anyway. */
export const defaultGroupsConfig: GroupsConfig = {
  'group.min.session.timeout.ms': 6_000,
  'group.max.session.timeout.ms': 1_800_000,
  'group.max.size': 2_147_483_647,
  'group.initial.rebalance.delay.ms': 0,
  'offsets.retention.minutes': 10_080,
  'offsets.retention.check.interval.ms': 600_000,
  'offset.metadata.max.bytes': 4_096,
}

/** What the configs of the broker say to the coordinator; `typed` gives the value of a key as a number. */
export function groupsConfigOf({ typed }: { readonly typed: (key: string) => unknown }): GroupsConfig {
  const keys = Object.keys(defaultGroupsConfig) as (keyof GroupsConfig)[]
  return Object.fromEntries(keys.map((key) => [key, typed(key)])) as Record<keyof GroupsConfig, number>
}
