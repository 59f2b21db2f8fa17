// Rules of faults in short, and their names in the titles of tests.
import type { FaultRule } from '../../src/broker/faults/rule.ts'

type Value = string | number

/** A rule for the next `count` requests that match. */
export function rule(match: FaultRule['match'], deed: FaultRule['do'], value?: Value, count = 1): FaultRule {
  return { match, count, do: deed, ...(value !== undefined && { value }) }
}

/** A rule for the next `count` requests of an API. */
export function times(count: number, api: string, deed: FaultRule['do'], value?: Value): FaultRule {
  return rule({ api }, deed, value, count)
}

export const titleOf = ({ match, do: deed, value = '', count }: FaultRule): string =>
  `${count} x ${match.api} ${deed} ${value}`.trimEnd()

/** Rows for `test.each`: `[title, rule]`. */
export const titled = (rules: readonly FaultRule[]): (readonly [string, FaultRule])[] =>
  rules.map((each) => [titleOf(each), each] as const)
