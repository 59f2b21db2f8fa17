// Records written by the command line, read by kcat and by Java's client.
import { expect } from 'vitest'
import { block } from '../support/block.ts'
import { startKafkaProxy } from '../support/kafka-proxy.ts'
import { passingTrouble, type Scenario } from './stage.ts'

const time = Date.UTC(2026, 0, 31, 10, 0, 0, 123)
/** times of tests lie far back: nothing of it may be deleted for its age */
const kept = 'config: { retention.ms: -1 }'

const parts: Scenario = {
  name: 'produce sets key, headers, partition and time; writes tombstones; takes keys from lines',
  slug: 'parts',
  play: async (stage) => {
    await stage.declare(`topics: { parts.events: { partitions: 3, key: string, value: string, ${kept} } }\n`)
    await stage.done('apply --yes')
    const options = "-k order-1 -H 'trace=a b=c' -H trace=2 -H empty= -p 2 --timestamp 2026-01-31T10:00:00.123Z"
    expect(await stage.done(`produce parts.events ${options}`, 'hello wörld\n\n "quoted"\t\r\nlast')).toBe(
      '4 records written to parts.events\n',
    )
    const common = {
      topic: 'parts.events',
      partition: 2,
      tstype: 'create',
      broker: expect.any(Number),
      ts: time,
      key: 'order-1',
    }
    const headers = ['trace', 'a b=c', 'trace', '2', 'empty', '']
    expect(await stage.kcatRecords('parts.events')).toEqual(
      ['hello wörld', '', ' "quoted"\t\r', 'last'].map((payload, offset) => ({ ...common, offset, headers, payload })),
    )
    expect(await stage.done(`produce parts.events --tombstone -k order-1 -p 1 --timestamp ${time}`)).toBe(
      '1 record written to parts.events\n',
    )
    expect(await stage.json('produce parts.events --key-separator : -p 0')).toEqual({
      topic: 'parts.events',
      records: 0,
    })
    await stage.done('produce parts.events --key-separator : -p 0', 'a:b:c\n:no key\n')
    const records = await stage.kcatRecords('parts.events')
    expect(records.slice(0, 3).map(({ partition, key, payload }) => [partition, key, payload])).toEqual([
      [0, 'a', 'b:c'],
      [0, '', 'no key'],
      [1, 'order-1', null],
    ])
    const seen = (await stage.java.read(stage.bootstrap, 'parts.events')).filter(({ partition }) => partition === 1)
    expect(seen).toEqual([
      { partition: 1, offset: 0, timestamp: BigInt(time), key: Buffer.from('order-1'), value: null, headers: [] },
    ])
  },
}

const envelopes: Scenario = {
  name: 'produce --input json keeps key, value, headers, time and partition of an envelope',
  slug: 'envelopes',
  play: async (stage) => {
    await stage.declare(`topics: { envelopes.events: { partitions: 2, ${kept} } }\n`)
    await stage.done('apply --yes')
    const lines = [
      { topic: 'elsewhere', partition: 1, offset: 77, timestamp: '2026-01-31T10:00:00.123Z', key: 'k', value: 'v' },
      { partition: 1, timestamp: time, key: null, value: null, headers: [['n', null]] },
      {
        partition: 1,
        timestamp: 0,
        key: { $base64: 'AP8=' },
        value: { $base64: '' },
        headers: [
          ['b', { $base64: 'gA==' }],
          ['a', 'x'],
          ['b', ''],
        ],
      },
    ]
    const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    expect(await stage.done('produce envelopes.events --input json', `${input}  \n`)).toBe(
      '3 records written to envelopes.events\n',
    )
    const place = { partition: 1, timestamp: BigInt(time) }
    expect(await stage.java.read(stage.bootstrap, 'envelopes.events')).toEqual([
      { ...place, offset: 0, key: Buffer.from('k'), value: Buffer.from('v'), headers: [] },
      { ...place, offset: 1, key: null, value: null, headers: [['n', null]] },
      {
        ...place,
        offset: 2,
        timestamp: 0n,
        key: Buffer.from([0, 255]),
        value: Buffer.alloc(0),
        headers: [
          ['b', Buffer.from([128])],
          ['a', Buffer.from('x')],
          ['b', Buffer.alloc(0)],
        ],
      },
    ])
  },
}

const badLine: Scenario = {
  name: 'a bad line is told by number and JSON path, what stands before it is written',
  slug: 'bad',
  play: async (stage) => {
    const lines = {
      name: 'lines',
      type: { type: 'array', items: { type: 'record', name: 'Line', fields: [{ name: 'n', type: 'int' }] } },
    }
    const schema = { type: 'record', name: 'Order', fields: [{ name: 'id', type: 'long' }, lines] }
    await stage.write('bad/order.avsc', JSON.stringify(schema))
    await stage.declare(
      'topics: { bad.orders: { key: string, value: { schema: bad/order.avsc } }, bad.json: { value: json } }\n',
    )
    const good = '{"id":9007199254740993,"lines":[{"n":1}]}'
    expect((await stage.run('produce bad.orders', `${good}\n`)).stderr).toBe(
      'error[topic-missing]: there is no topic "bad.orders"\n  try: it is declared and not there yet: `evplat apply` makes it\n',
    )
    await stage.done('topics apply --yes')
    expect(await stage.run('produce bad.orders', `${good}\n`)).toEqual({
      code: 1,
      stdout: '',
      stderr: block`
        error[schema-not-registered]: the declared schema of subject "bad.orders-value" is not registered; no record was acknowledged before
          try: \`evplat schemas apply\` registers it
      `,
    })
    await stage.done('schemas apply --yes')
    const bad = '{"id":1,"lines":[{"n":1},{"n":2147483648}]}'
    expect(await stage.run('produce bad.orders', `${good}\n\n${good}\n${bad}\n${good}\n`)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error[bad-input]: line 4: $.lines[1].n: expected int (a whole number of 32 bits), got 2147483648; 2 records were acknowledged before\n  try: `evplat produce bad.orders --example` shows a valid value\n',
    })
    const failed = await stage.run('produce bad.orders --input json -o json', `{"value":${good}}\n{"value":${bad}}\n`)
    expect([failed.code, failed.stdout, JSON.parse(failed.stderr)]).toEqual([
      1,
      '',
      {
        error: {
          code: 'bad-input',
          message:
            'line 2: $.value.lines[1].n: expected int (a whole number of 32 bits), got 2147483648; 1 record was acknowledged before',
          hint: '`evplat produce bad.orders --example` shows a valid value',
          details: { line: 2, acknowledged: 1 },
        },
      },
    ])
    expect((await stage.run('produce bad.json', '{"a":1}\n{"a":}\n')).stderr).toMatch(
      /^error\[bad-input\]: line 2: .*; 1 record was acknowledged before\n/,
    )
    expect((await stage.run('produce bad.json -p 1', '{}\n')).stderr).toBe(
      'error[bad-input]: line 1: there is no partition 1: the topic has 1 partition (0); no record was acknowledged before\n',
    )
    const values = (await stage.done('consume bad.orders --exit')).trim().split('\n')
    expect(values.map((line) => /"value":(.*),"headers"/.exec(line)![1])).toEqual([good, good, good])
  },
}

const cutConnections: Scenario = {
  name: 'connections are cut after records went out: none is lost, none twice, the order stays',
  slug: 'cut',
  play: async (stage) => {
    await stage.declare('topics: { cut.events: { partitions: 2, value: string } }\n')
    await stage.done('apply --yes')
    // the broker has the records and its answer is lost; or the records are lost
    const proxy = await startKafkaProxy(stage.bootstrap, ({ api, count }) =>
      api !== 'Produce' ? undefined : count % 3 === 0 ? 'after' : count % 3 === 1 ? 'before' : undefined,
    )
    try {
      const input = (partition: number): string =>
        Array.from({ length: 3000 }, (_, i) => `${partition}-${i} ${'x'.repeat(1000)}\n`).join('')
      const produced = await Promise.all(
        [0, 1].map((partition) =>
          stage.run(`produce cut.events --bootstrap ${proxy.bootstrap} -p ${partition}`, input(partition)),
        ),
      )
      expect(produced).toEqual(
        Array.from({ length: 2 }, () => ({
          code: 0,
          stdout: '3000 records written to cut.events\n',
          stderr: expect.stringMatching(passingTrouble),
        })),
      )
      expect(proxy.cuts()).toBeGreaterThanOrEqual(4)
      const records = await stage.kcatRecords('cut.events')
      expect(records.map(({ payload }) => payload!.split(' ')[0])).toEqual(
        [0, 1].flatMap((partition) => Array.from({ length: 3000 }, (_, i) => `${partition}-${i}`)),
      )
    } finally {
      await proxy.close()
    }
  },
}

const sizes: Scenario = {
  name: 'a batch that is too large is split, a record that is too large is told',
  slug: 'sizes',
  play: async (stage) => {
    await stage.declare('topics: { sizes.events: { config: { max.message.bytes: 10000 } } }\n')
    await stage.done('apply --yes')
    const lines = Array.from({ length: 300 }, (_, i) => `${i} ${'x'.repeat(1 + ((i * 37) % 3000))}`)
    expect(await stage.done('produce sizes.events', `${lines.join('\n')}\n`)).toBe(
      '300 records written to sizes.events\n',
    )
    expect((await stage.kcatRecords('sizes.events')).map(({ payload }) => payload)).toEqual(lines)

    const large = 'y'.repeat(20_000)
    expect(await stage.run('produce sizes.events', `a\nb\nc\n${large}\nd\n`)).toEqual({
      code: 1,
      stdout: '',
      stderr: block`
        error[broker-refused]: line 4: the record is larger than topic "sizes.events" takes; 3 records were acknowledged before
          server: MESSAGE_TOO_LARGE
          try: its config max.message.bytes is the limit
      `,
    })
    const after = (await stage.kcatRecords('sizes.events')).slice(300).map(({ payload }) => payload)
    expect(after).toEqual(['a', 'b', 'c'])
  },
}

const refusedRecord: Scenario = {
  name: 'a record that the broker does not take is told by its line, in the words of the broker',
  slug: 'refused',
  play: async (stage) => {
    await stage.declare(
      'topics: { refused.state: { key: string, value: string, config: { cleanup.policy: compact } } }\n',
    )
    await stage.done('apply --yes')
    const lines = [
      '{"key":"a","value":"1"}',
      '{"key":"b","value":"2"}',
      '{"value":"no key"}',
      '{"key":"c","value":"3"}',
    ]
    const { code, stderr } = await stage.run('produce refused.state --input json', `${lines.join('\n')}\n`)
    // its last dot comes and goes between versions
    expect([code, stderr.replace(/\.\n$/, '\n')]).toEqual([
      1,
      block`
        error[broker-refused]: line 3: topic "refused.state" does not take the record; no record was acknowledged before
          server: Compacted topic cannot accept message without key in topic partition refused.state-0
      `,
    ])
    expect(await stage.kcatRecords('refused.state')).toEqual([])
  },
}

export const produceScenarios: readonly Scenario[] = [parts, envelopes, badLine, cutConnections, sizes, refusedRecord]
