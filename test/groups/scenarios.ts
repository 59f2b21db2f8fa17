// All scenarios of groups. Each has its own groups, so that their order does not matter.
import { joining } from './scenarios/joining.ts'
import { limits } from './scenarios/limits.ts'
import { offsets } from './scenarios/offsets.ts'
import { restarts } from './scenarios/restarts.ts'
import { staticMembers } from './scenarios/static.ts'
import { time } from './scenarios/time.ts'
import { tools } from './scenarios/tools.ts'
import type { Scenario } from './stage.ts'

export const scenarios: readonly Scenario[] = [
  ...joining,
  ...time,
  ...staticMembers,
  ...offsets,
  ...tools,
  ...limits,
  ...restarts,
]

/** What the brokers are started with, both. */
export const playedConfigs: Readonly<Record<string, string>> = { 'group.max.size': '4' }

/** Comes before them: the topics that they commit offsets for. */
export const makeTopics: Scenario = {
  name: 'topics',
  async play(stage) {
    await stage.createTopic('t', 3)
    await stage.createTopic('u', 2)
  },
}

/** The file with what Apache Kafka 3.9 answered. */
export function goldenOf({ name }: Scenario): string {
  return new URL(`../golden/groups/${name.replaceAll(/[^a-zA-Z0-9]+/g, '-')}.json`, import.meta.url).pathname
}

/** One line for each thing that was seen, and still JSON. */
export function toText(lines: readonly string[]): string {
  return `[\n${lines.join(',\n')}\n]\n`
}
