// A fault rule: which requests it meets, and what befalls them. The shape is published (POST /faults), see docs/formats.md.
import { EvplatError } from '../../core/errors.ts'
import { isErrorName } from '../../protocol/error-table.ts'

const deeds = [
  'error',
  'delay',
  'drop',
  'disconnect-before',
  'disconnect-after',
  'throttle',
  'move-coordinator',
] as const
export type Deed = (typeof deeds)[number]

export interface FaultMatch {
  /** the API's name, as in `Produce` */
  readonly api?: string
  readonly topic?: string
  /** the client id */
  readonly client?: string
  readonly group?: string
}

export interface FaultRule {
  /** every request where nothing is named */
  readonly match: FaultMatch
  /** so many requests are met, then the rule is gone; without it all are */
  readonly count?: number
  /** from 0 to 1: how likely a request that matches is met */
  readonly probability?: number
  /**
   * `error`: it is answered with the error `value`, and nothing is done; where a topic is named, of that topic. `delay`: it is done `value` ms later. `drop`: it is done, and never answered.
   * `disconnect-before` and `-after`: the connection ends before it is done, or after, without an answer. `throttle`: it is done, and
   * the answer tells the client to wait for `value` ms. `move-coordinator`: for `value` ms the groups that it names have no coordinator,
   * half of them because it is away, half because it loads what they are; then it goes on with what was durable.
   */
  readonly do: Deed
  readonly value?: string | number
}

function bad(what: string): EvplatError {
  return new EvplatError('fault-invalid', `this is no fault rule: ${what}`, {
    hint: 'write { "match": { "api": "Produce" }, "count": 1, "do": "error", "value": "NOT_LEADER_OR_FOLLOWER" }',
  })
}

const matchKeys = ['api', 'topic', 'client', 'group'] as const

function parseMatch(value: unknown, apis: ReadonlySet<string>): FaultMatch {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('`match` is not an object')
  for (const [key, text] of Object.entries(value)) {
    if (!(matchKeys as readonly string[]).includes(key)) throw bad(`\`match\` has no "${key}"`)
    if (typeof text !== 'string') throw bad(`\`match.${key}\` is not a text`)
  }
  const match = value as FaultMatch
  if (match.api !== undefined && !apis.has(match.api))
    throw bad(`the broker has no API "${match.api}"; it has ${[...apis].sort().join(', ')}`)
  return match
}

const timed: ReadonlySet<Deed> = new Set<Deed>(['delay', 'throttle', 'move-coordinator'])

function requireValue(deed: Deed, value: unknown): void {
  if (deed === 'error') {
    if (typeof value !== 'string' || !isErrorName(value)) throw bad("`value` is not the name of one of Kafka's errors")
  } else if (timed.has(deed)) {
    if (typeof value !== 'number' || !(value >= 0 && value <= 600_000))
      throw bad('`value` is not a number of milliseconds from 0 to 600000')
  } else if (value !== undefined) throw bad(`\`${deed}\` takes no \`value\``)
}

const groupApis: readonly string[] = [
  'DeleteGroups',
  'DescribeGroups',
  'FindCoordinator',
  'Heartbeat',
  'JoinGroup',
  'LeaveGroup',
  'OffsetCommit',
  'OffsetDelete',
  'OffsetFetch',
  'SyncGroup',
]

const parts = ['match', 'count', 'probability', 'do', 'value']
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0
const isProbability = (value: unknown): boolean => typeof value === 'number' && value > 0 && value <= 1

/** Reads a rule as it was sent. `apis` are the names of the APIs that there are. Throws `fault-invalid`. */
export function parseFaultRule(value: unknown, apis: ReadonlySet<string>): FaultRule {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('it is not an object')
  const unknown = Object.keys(value).find((key) => !parts.includes(key))
  if (unknown !== undefined) throw bad(`there is no "${unknown}" in one`)
  const { match = {}, ...rest } = value as Omit<FaultRule, 'match'> & { readonly match?: unknown }
  if (!deeds.includes(rest.do)) throw bad(`\`do\` is none of ${deeds.join(', ')}`)
  if (rest.count !== undefined && !isCount(rest.count)) throw bad('`count` is not a whole number above 0')
  if (rest.probability !== undefined && !isProbability(rest.probability))
    throw bad('`probability` is not a number above 0 and up to 1')
  requireValue(rest.do, rest.value)
  const parsed = parseMatch(match, apis)
  if (rest.do === 'move-coordinator' && parsed.api !== undefined && !groupApis.includes(parsed.api))
    throw bad(`\`move-coordinator\` meets requests of groups alone: ${groupApis.join(', ')}`)
  return { match: parsed, ...rest }
}
