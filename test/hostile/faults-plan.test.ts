// Plan and apply before a broker that hangs up, refuses in part, or is not ready: what is told is what is so, and applying again ends well.
import { describe, expect, test } from 'vitest'
import type { FaultRule } from '../../src/broker/faults/rule.ts'
import { rule, titleOf, titled } from '../support/fault-rules.ts'
import { fastTimers } from '../support/fast-clock.ts'
import { type Faulty, startFaulty } from '../support/faulty.ts'

const topics = ['topics:', '  one: { value: string }', '  two: { value: string }', '  three: { value: string }']
const grown = [
  ...topics.slice(0, 2),
  '  two: { value: string, partitions: 3, config: { retention.ms: 1d } }',
  topics[3]!,
]

/** The proof of a plan is a request of this API, too: it gets by, and the one that applies meets what comes after. */
function whenApplied(faulty: Faulty, each: FaultRule): void {
  faulty.faults.add(rule({ api: each.match.api! }, 'throttle', 0))
  faulty.faults.add(each)
}

/** The last lines: what became of the changes. */
const outcome = (told: string): string[] => {
  const lines = told.split('\n')
  const from = lines.findIndex((line) => line.startsWith('| Plan:'))
  return [lines[0]!, ...lines.slice(from + 1)]
}

describe('a plan is the same', () => {
  const rules = [
    rule({ api: 'Metadata' }, 'error', 'LEADER_NOT_AVAILABLE', 2),
    rule({ api: 'Metadata' }, 'disconnect-before'),
    rule({ api: 'Metadata' }, 'disconnect-after'),
    rule({ api: 'Metadata' }, 'throttle', 5000),
    rule({ api: 'Metadata' }, 'delay', 300),
    rule({ api: 'DescribeConfigs' }, 'disconnect-after'),
    rule({ api: 'CreatePartitions' }, 'error', 'NOT_CONTROLLER', 2),
    rule({ api: 'CreatePartitions' }, 'disconnect-before'),
    rule({ api: 'IncrementalAlterConfigs' }, 'error', 'REQUEST_TIMED_OUT'),
    rule({ api: 'IncrementalAlterConfigs' }, 'disconnect-after'),
  ]

  test('whatever happens on the way', async () => {
    const faulty = await startFaulty(...topics)
    await faulty.tell('apply --yes')
    faulty.declare(...grown)
    const plan = await faulty.tell('plan')
    expect(plan).toContain('| Plan: 1 to update, 2 unchanged.')
    for (const each of rules) {
      faulty.faults.add(each)
      expect([titleOf(each), await faulty.tell('plan'), faulty.faults.list()]).toEqual([titleOf(each), plan, []])
    }
  })

  test('or is none, where the broker does not answer in time, hangs up always, or can not tell', async () => {
    const faulty = await startFaulty(...topics)
    faulty.faults.add(rule({ api: 'Metadata' }, 'delay', 600_000))
    expect(await faulty.tell('plan', { env: fastTimers(30) })).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: KAFKA did not answer within 30.0 s (Metadata)
        try: is it well, and is it a broker? check the address: \`--bootstrap\`, or \`kafka.bootstrap\` of the environment in platform.yaml"
    `)
    faulty.faults.clear()
    faulty.faults.add(rule({ api: 'CreateTopics' }, 'disconnect-after', undefined, 100))
    expect(await faulty.tell('plan')).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: KAFKA closed the connection during CreateTopics
        try: is the broker being restarted? try again"
    `)
    faulty.faults.clear()
    faulty.faults.add(rule({ api: 'Metadata', topic: 'two' }, 'error', 'UNKNOWN_SERVER_ERROR'))
    expect(await faulty.tell('plan')).toMatchInlineSnapshot(`
      "exit 1
      error[broker-refused]: topic "two" can't be described
        server: UNKNOWN_SERVER_ERROR"
    `)
  })

  test('but for the topic that the broker refuses', async () => {
    const faulty = await startFaulty(...topics)
    faulty.faults.add(rule({ api: 'CreateTopics', topic: 'two' }, 'error', 'POLICY_VIOLATION'))
    faulty.faults.add(rule({ api: 'CreateTopics', topic: 'two' }, 'error', 'TOPIC_AUTHORIZATION_FAILED'))
    expect((await faulty.tell('plan')).replaceAll(/cluster \S+\)/g, 'cluster ID)')).toMatchInlineSnapshot(`
      "exit 3
      | shop in place (cluster ID)
      |
      |   + topic one
      |       partitions   1
      |       replication  1
      |
      |   ! topic two  BLOCKED
      |       partitions   1
      |       replication  1
      |       broker-refused: POLICY_VIOLATION
      |
      |   + topic three
      |       partitions   1
      |       replication  1
      |
      | Plan: 2 to create, 1 blocked, 0 unchanged."
    `)
    expect((await faulty.tell('plan')).replaceAll(/cluster \S+\)/g, 'cluster ID)')).toMatchInlineSnapshot(`
      "exit 77
      | shop in place (cluster ID)
      |
      |   + topic one
      |       partitions   1
      |       replication  1
      |
      |   ! topic two  BLOCKED
      |       partitions   1
      |       replication  1
      |       not-authorised: TOPIC_AUTHORIZATION_FAILED
      |       = the user needs CREATE on the topic or on the cluster
      |
      |   + topic three
      |       partitions   1
      |       replication  1
      |
      | Plan: 2 to create, 1 blocked, 0 unchanged."
    `)
  })
})

/** Applies under a rule: every change is made, the rule was met, and nothing is left to do. */
async function applied(faulty: Faulty, each: FaultRule, changes: number): Promise<void> {
  whenApplied(faulty, each)
  expect(outcome(await faulty.tell('apply --yes'))).toEqual(['exit 0', `| Applied: ${changes} done.`])
  expect(faulty.faults.list()).toEqual([])
  expect(await faulty.tell('plan')).toContain('| No changes: 3 unchanged.')
}

describe('apply', () => {
  const rules = [
    rule({ api: 'CreateTopics' }, 'error', 'NOT_CONTROLLER', 2),
    rule({ api: 'CreateTopics' }, 'error', 'REQUEST_TIMED_OUT'),
    rule({ api: 'CreateTopics' }, 'disconnect-before'),
    rule({ api: 'CreateTopics' }, 'disconnect-after'),
  ]

  test.each(titled(rules))('makes topics through %s', async (_, each) => {
    await applied(await startFaulty(...topics), each, 3)
  })

  const growing = [
    rule({ api: 'CreatePartitions' }, 'disconnect-before'),
    rule({ api: 'CreatePartitions' }, 'disconnect-after'),
    rule({ api: 'IncrementalAlterConfigs' }, 'disconnect-after'),
  ]

  test.each(titled(growing))('changes topics through %s', async (_, each) => {
    const faulty = await startFaulty(...topics)
    await faulty.tell('apply --yes')
    faulty.declare(...grown)
    await applied(faulty, each, 1)
  })

  test('that is never answered says what nobody knows, and applying again is clean', async () => {
    const faulty = await startFaulty(...topics)
    whenApplied(faulty, rule({ api: 'CreateTopics' }, 'disconnect-after', undefined, 2))
    expect(outcome(await faulty.tell('apply --yes')).join('\n')).toMatchInlineSnapshot(`
      "exit 1
      |   failed topic one: KAFKA closed the connection during CreateTopics, so it may be done
      |   failed topic two: KAFKA closed the connection during CreateTopics, so it may be done
      |   failed topic three: KAFKA closed the connection during CreateTopics, so it may be done
      | Applied: 0 done, 3 failed."
    `)
    expect(await faulty.tell('apply --yes')).toContain('| No changes: 3 unchanged.')
  })

  test('that is refused for one topic does the others, says so, and exits with 4; applying again is clean', async () => {
    for (const error of ['TOPIC_AUTHORIZATION_FAILED', 'POLICY_VIOLATION']) {
      const faulty = await startFaulty(...topics)
      whenApplied(faulty, rule({ api: 'CreateTopics', topic: 'two' }, 'error', error))
      expect(outcome(await faulty.tell('apply --yes'))).toEqual([
        'exit 4',
        `|   failed topic two: ${error}`,
        '| Applied: 2 done, 1 failed.',
      ])
      expect(outcome(await faulty.tell('apply --yes'))).toEqual(['exit 0', '| Applied: 1 done.'])
      expect(await faulty.tell('plan')).toContain('| No changes: 3 unchanged.')
    }
  })
})
