// Records through a broker that does one thing wrong: nothing is lost, nothing comes twice, and what can't be is told.
import { describe, expect, test } from 'vitest'
import type { FaultRule } from '../../src/broker/faults/rule.ts'
import { times, titleOf, titled } from '../support/fault-rules.ts'
import { type Faulty, startFaulty } from '../support/faulty.ts'
import { readValues } from '../support/records.ts'

const declared = 'topics: { orders: { value: string } }'
const input = 'one\ntwo\nthree\n'
const values = ['one', 'two', 'three']

async function withOrders(): Promise<Faulty> {
  const faulty = await startFaulty(declared)
  expect(await faulty.tell('topics apply --yes')).toContain('Applied: 1 done.')
  return faulty
}

/** Sets the rule, and expects that it was met so often as it says, and is gone by then. */
async function under(faulty: Faulty, rule: FaultRule, command: string, said?: string): Promise<string> {
  faulty.faults.add(rule)
  const told = await faulty.tell(command, said === undefined ? {} : { input: said })
  expect(faulty.faults.list()).toEqual([])
  return told
}

describe('produce writes each record once', () => {
  const rules = [
    times(3, 'Produce', 'error', 'NOT_LEADER_OR_FOLLOWER'),
    times(2, 'Produce', 'error', 'NOT_ENOUGH_REPLICAS'),
    times(1, 'Produce', 'error', 'KAFKA_STORAGE_ERROR'),
    times(2, 'Produce', 'disconnect-before'),
    times(2, 'Produce', 'disconnect-after'),
    times(1, 'Produce', 'throttle', 500),
    times(1, 'Produce', 'delay', 500),
    times(3, 'InitProducerId', 'error', 'COORDINATOR_LOAD_IN_PROGRESS'),
    times(1, 'InitProducerId', 'disconnect-after'),
    times(2, 'Metadata', 'error', 'LEADER_NOT_AVAILABLE'),
    times(1, 'Metadata', 'disconnect-after'),
  ]

  test.each(titled(rules))('through %s', async (_, rule) => {
    const faulty = await withOrders()
    expect(await under(faulty, rule, 'produce orders', input)).toMatch(/^exit 0\n\| 3 records written to orders/)
    expect(await readValues(faulty.bootstrap, 'orders')).toEqual(values)
  })

  test('through a third of the answers lost and a third of the requests unheard', async () => {
    const faulty = await withOrders()
    faulty.faults.add({ match: { client: 'evplat', api: 'Produce' }, probability: 0.3, do: 'disconnect-after' })
    faulty.faults.add({ match: { client: 'evplat', api: 'Produce' }, probability: 0.3, do: 'disconnect-before' })
    const lines = Array.from({ length: 40 }, (_, i) => `${i} ${'x'.repeat(50_000)}`)
    expect(await faulty.tell('produce orders', { input: `${lines.join('\n')}\n` })).toContain('40 records written')
    faulty.faults.clear()
    expect((await readValues(faulty.bootstrap, 'orders')).map((value) => value.split(' ')[0])).toEqual(
      lines.map((_, i) => `${i}`),
    )
  })
})

test('produce tells why records are refused for good, and writes none', async () => {
  const faulty = await withOrders()
  const refused = (error: string): Promise<string> =>
    under(faulty, times(1, 'Produce', 'error', error), 'produce orders', input)
  expect(await refused('TOPIC_AUTHORIZATION_FAILED')).toMatchInlineSnapshot(`
    "exit 77
    error[not-authorised]: topic "orders" may not be written by this user; no record was acknowledged before
      server: TOPIC_AUTHORIZATION_FAILED
      try: the user needs WRITE on the topic"
  `)
  expect(await refused('POLICY_VIOLATION')).toMatchInlineSnapshot(`
    "exit 1
    error[broker-refused]: lines 1 to 3: topic "orders" does not take the records; no record was acknowledged before
      server: POLICY_VIOLATION"
  `)
  expect(await readValues(faulty.bootstrap, 'orders')).toEqual([])
})

describe('consume reads each record once', () => {
  const rules = [
    times(3, 'Fetch', 'error', 'NOT_LEADER_OR_FOLLOWER'),
    times(1, 'Fetch', 'error', 'OFFSET_OUT_OF_RANGE'),
    times(1, 'Fetch', 'error', 'FENCED_LEADER_EPOCH'),
    times(2, 'Fetch', 'disconnect-before'),
    times(2, 'Fetch', 'disconnect-after'),
    times(1, 'Fetch', 'delay', 500),
    times(1, 'Fetch', 'throttle', 500),
    times(2, 'ListOffsets', 'error', 'LEADER_NOT_AVAILABLE'),
    times(1, 'ListOffsets', 'disconnect-after'),
  ]

  test('whatever happens on the way', async () => {
    const faulty = await withOrders()
    await faulty.tell('produce orders', { input })
    const read: Record<string, string[]> = {}
    for (const rule of rules) {
      const told = await under(faulty, rule, 'consume orders --from start --exit -o raw')
      read[titleOf(rule)] = told.split('\n').filter((line) => /^exit|^\|/.test(line))
    }
    const all = ['exit 0', ...values.map((value) => `| ${value}`)]
    expect(read).toEqual(Object.fromEntries(rules.map((rule) => [titleOf(rule), all])))
  })

  test('and tells why it may not', async () => {
    const faulty = await withOrders()
    await faulty.tell('produce orders', { input })
    expect(await under(faulty, times(1, 'Fetch', 'error', 'TOPIC_AUTHORIZATION_FAILED'), 'consume orders --exit'))
      .toMatchInlineSnapshot(`
      "exit 77
      error[not-authorised]: partition 0 of topic "orders" may not be read by this user
        try: the user needs READ on the topic"
    `)
    expect(await under(faulty, times(1, 'Fetch', 'error', 'UNKNOWN_SERVER_ERROR'), 'consume orders --exit'))
      .toMatchInlineSnapshot(`
      "exit 1
      error[broker-refused]: partition 0 of topic "orders" can't be read
        server: UNKNOWN_SERVER_ERROR"
    `)
  })
})
