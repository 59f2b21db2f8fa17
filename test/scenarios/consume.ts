// Records read by the command line, from wherever one may start, in every form.
import { expect } from 'vitest'
import { block } from '../support/block.ts'
import type { RunningEvplat } from '../support/evplat.ts'
import { passingTrouble, type Scenario, type Stage } from './stage.ts'

const kept = 'config: { retention.ms: -1 }'
const start = Date.UTC(2026, 0, 31, 10)

/** `PARTITION:OFFSET` of what consume printed. */
function placesIn(stdout: string): string[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const { partition, offset } = JSON.parse(line) as { partition: number; offset: number }
      return `${partition}:${offset}`
    })
}

const range = (from: number, to: number, partition = 0): string[] =>
  Array.from({ length: to - from }, (_, i) => `${partition}:${from + i}`)

/** Ten records in partition 0, a second apart, of which the first three are deleted; two in partition 1; none in partition 2. */
async function fillEdges(stage: Stage): Promise<void> {
  await stage.declare(`topics: { edges.events: { partitions: 3, value: string, ${kept} } }\n`)
  await stage.done('apply --yes')
  const record = (partition: number, i: number) => ({
    topic: 'edges.events',
    partition,
    timestamp: BigInt(start + i * 1000),
    key: null,
    value: `${partition}-${i}`,
  })
  const first = Array.from({ length: 10 }, (_, i) => record(0, i))
  await stage.java.write(stage.bootstrap, [...first, record(1, 0), record(1, 20)])
  await stage.write(
    'edges/delete.json',
    JSON.stringify({ partitions: [{ topic: 'edges.events', partition: 0, offset: 3 }], version: 1 }),
  )
  await stage.kafka('deleteRecords', `--offset-json-file ${stage.folder}/edges/delete.json`)
}

const edges: Scenario = {
  name: 'consume starts where --from says, at every edge of the log, and ends with --exit where the end is',
  slug: 'edges',
  play: async (stage) => {
    await fillEdges(stage)
    const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString()
    const all = [...range(3, 10), ...range(0, 2, 1)]
    const cases: readonly (readonly [options: string, places: readonly string[]])[] = [
      ['', all],
      ['--from start', all],
      ['--from end', []],
      ['--from 0', all],
      ['--from 2 -p 0', range(3, 10)],
      ['--from 3 -p 0', range(3, 10)],
      ['--from 5 -p 0,1,2', range(5, 10)],
      ['--from 1', [...range(3, 10), '1:1']],
      ['--from 9', ['0:9']],
      ['--from 10', []],
      ['--from 100', []],
      ['--from=-1', ['0:9', '1:1']],
      ['--from=-3', [...range(7, 10), ...range(0, 2, 1)]],
      ['--from=-7 -p 0', range(3, 10)],
      ['--from=-100', all],
      ['--from=-0', []],
      [`--from @${at(5)}`, [...range(5, 10), '1:1']],
      [`--from @${start + 5001}`, [...range(6, 10), '1:1']],
      [`--from @${at(0)} -p 0`, range(3, 10)],
      [`--from @${at(9.001)}`, ['1:1']],
      [`--from @${at(20.001)}`, []],
      ['--from @2020-01-01', all],
      ['--from @10m', []],
      ['-p 2', []],
      ['-p 2 -p 0 -n 2', ['0:3', '0:4']],
      ['-n 0', []],
      ['-n 3 -p 1', range(0, 2, 1)],
      ['--from=-2 -p 0 -n 1', ['0:8']],
    ]
    for (let i = 0; i < cases.length; i += 3) {
      const some = cases.slice(i, i + 3)
      const ran = await Promise.all(some.map(([options]) => stage.run(`consume edges.events --exit ${options}`)))
      expect(
        ran.map(({ code, stdout, stderr }, k) => [some[k]![0], code, placesIn(stdout).toSorted(byPlace), stderr]),
      ).toEqual(some.map(([options, places]) => [options, 0, places, '']))
    }
    expect((await stage.run('consume edges.events -p 3 --exit')).stderr).toBe(
      'error[usage]: there is no partition 3: the topic has 3 partitions (0 to 2)\n',
    )
  },
}

function byPlace(a: string, b: string): number {
  const [x, y] = [a.split(':').map(Number), b.split(':').map(Number)]
  return x[0]! - y[0]! || x[1]! - y[1]!
}

/** Waits until a reader that follows has found its place: then it reads what comes. */
async function written(stage: Stage, reader: RunningEvplat, topic: string, marker: string): Promise<void> {
  for (let i = 0; i < 100 && !reader.stdout().includes(marker); i++) {
    await stage.done(`produce ${topic}`, `${marker}\n`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const follow: Scenario = {
  name: 'consume follows what comes, stops after -n records and at Ctrl-C, and ends silently when its reader has gone',
  slug: 'follow',
  play: async (stage) => {
    await stage.declare('topics: { follow.events: { value: string } }\n')
    await stage.done('apply --yes')
    await stage.done('produce follow.events', 'old 1\nold 2\n')
    const values = (lines: readonly string[]): string[] =>
      lines.map((line) => (JSON.parse(line) as { value: string }).value)

    const counted = stage.start('consume follow.events -n 4')
    expect(values(await counted.lines(2))).toEqual(['old 1', 'old 2'])
    await stage.done('produce follow.events', 'new 1\nnew 2\nnew 3\n')
    const ended = await counted.ended
    expect([ended.code, values(ended.stdout.split('\n').slice(0, -1)), ended.stderr]).toEqual([
      0,
      ['old 1', 'old 2', 'new 1', 'new 2'],
      '',
    ])

    const fromEnd = stage.start('consume follow.events --from end')
    await written(stage, fromEnd, 'follow.events', 'here')
    fromEnd.kill('SIGINT')
    const stopped = await fromEnd.ended
    expect([stopped.code, stopped.stderr]).toEqual([130, ''])
    expect(new Set(values(stopped.stdout.split('\n').slice(0, -1)))).toEqual(new Set(['here']))

    const beyond = stage.start('consume follow.events --from 1000000')
    await written(stage, beyond, 'follow.events', 'there')
    beyond.kill('SIGTERM')
    const { stdout, stderr } = await beyond.ended
    expect(new Set(values(stdout.split('\n').slice(0, -1)))).toEqual(new Set(['there']))
    expect(stderr).toMatch(/^offset 1000000 of partition 0 is beyond the end; reading on from \d+\n$/)
  },
}

const forms: Scenario = {
  name: 'consume prints JSON lines, readable text or raw bytes; of an undeclared topic, text or Avro as it finds it',
  slug: 'forms',
  play: async (stage) => {
    await stage.write('forms/note.avsc', '{"type":"record","name":"FormsNote","fields":[{"name":"n","type":"long"}]}')
    await stage.declare(block`
      topics:
        forms.notes: { key: string, value: { schema: forms/note.avsc }, ${kept} }
        forms.bytes: { ${kept} }
        forms.json: { value: json, ${kept} }
    `)
    await stage.done('apply --yes')
    await stage.done(`produce forms.notes -k a -H h=1 --timestamp ${start}`, '{"n":9007199254740993}\n')
    const times = '2026-01-31T10:00:00.000Z'
    const { id } = (await stage.ask('GET', '/subjects/forms.notes-value/versions/1')).body as { id: number }
    const envelope = `{"topic":"forms.notes","partition":0,"offset":0,"timestamp":"${times}","key":"a","value":{"n":9007199254740993},"headers":[["h","1"]],"valueSchemaId":${id}}\n`
    const text = `0:0  ${times}  a  {"n":9007199254740993}  [["h","1"]]\n`
    const wire = Buffer.from([0, 0, 0, 0, id, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20])
    expect(await stage.done('consume forms.notes --exit')).toBe(envelope)
    expect(await stage.done('consume forms.notes --exit -o json')).toBe(envelope)
    expect(await stage.done('consume forms.notes --exit -o text')).toBe(text)
    expect(await stage.done('consume forms.notes --exit -o raw')).toBe(`${wire.toString()}\n`)
    const { bootstrap, registryUrl } = stage
    expect(await stage.done(`consume forms.notes --exit --bootstrap ${bootstrap} --registry ${registryUrl}`)).toBe(
      envelope,
    )
    expect(await stage.done(`consume forms.notes --exit --bootstrap ${bootstrap}`)).toContain(
      `"value":{"$base64":"${wire.toString('base64')}"}`,
    )

    // declared as Avro, and not Avro: shown as bytes, told, and the stream goes on
    await stage.java.write(stage.bootstrap, [
      { topic: 'forms.notes', key: null, value: 'plain text', timestamp: BigInt(start) },
      { topic: 'forms.notes', key: null, value: Buffer.from([0, 0, 0, 9, 9, 2]), timestamp: BigInt(start) },
      { topic: 'forms.notes', key: null, value: wire.subarray(0, 7), timestamp: BigInt(start) },
      { topic: 'forms.notes', key: 'b', value: wire, timestamp: BigInt(start) },
    ])
    const { code, stdout, stderr } = await stage.run('consume forms.notes --exit --from 1')
    const shown = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { value: unknown; error?: string })
    expect([code, shown.map(({ value, error }) => [value, error])]).toEqual([
      0,
      [
        [
          { $base64: Buffer.from('plain text').toString('base64') },
          'value: not in the wire format of the Schema Registry (a zero byte and a schema id)',
        ],
        [{ $base64: 'AAAACQkC' }, 'value: the registry does not know schema id 2313'],
        [
          { $base64: wire.subarray(0, 7).toString('base64') },
          expect.stringMatching(new RegExp(`^value: not of schema ${id}: `)),
        ],
        [{ n: 9007199254740992 }, undefined],
      ],
    ])
    expect(stderr).toBe(
      '3 records could not be decoded, the first at 0:1: value: not in the wire format of the Schema Registry (a zero byte and a schema id)\n',
    )

    await stage.java.write(stage.bootstrap, [
      { topic: 'forms.bytes', key: Buffer.from([255]), value: 'x', timestamp: BigInt(start) },
      { topic: 'forms.bytes', key: null, value: null, timestamp: BigInt(start) },
      { topic: 'forms.json', key: null, value: '{"a" : 1.50}', timestamp: BigInt(start) },
      { topic: 'forms.json', key: null, value: '{', timestamp: BigInt(start) },
    ])
    const rest = `"timestamp":"${times}"`
    expect(await stage.done('consume forms.bytes --exit')).toBe(block`
      {"topic":"forms.bytes","partition":0,"offset":0,${rest},"key":{"$base64":"/w=="},"value":{"$base64":"eA=="},"headers":[]}
      {"topic":"forms.bytes","partition":0,"offset":1,${rest},"key":null,"value":null,"headers":[]}
    `)
    expect(await stage.done('consume forms.bytes --exit -o text')).toBe(
      `0:0  ${times}  {"$base64":"/w=="}  x\n0:1  ${times}  -  tombstone\n`,
    )
    expect(await stage.done('consume forms.json --exit -n 1')).toContain('"value":{"a" : 1.50}')
    expect((await stage.run('consume forms.json --exit')).stderr).toMatch(
      /^1 records? could not be decoded, the first at 0:1: value: not JSON: /,
    )
    expect((await stage.run('consume forms.jsn --exit')).stderr).toBe(
      'error[topic-missing]: there is no topic "forms.jsn"\n  try: did you mean "forms.json"?\n',
    )
  },
}

const restarts: Scenario = {
  name: 'the broker restarts while consume follows and produce writes: both go on',
  slug: 'restarts',
  play: async (stage) => {
    await stage.declare('topics: { restarts.events: { partitions: 2, value: string } }\n')
    await stage.done('apply --yes')
    const reader = stage.start('consume restarts.events')
    const member = stage.start('consume restarts.events --group restarts')
    const writer = stage.start('produce restarts.events')
    const write = (from: number, to: number): void => {
      for (let i = from; i < to; i++) writer.stdin.write(`event ${i}\n`)
    }
    const seen = (lines: readonly string[]): string[] =>
      lines.map((line) => (JSON.parse(line) as { value: string }).value).toSorted()
    const upTo = (count: number): string[] => Array.from({ length: count }, (_, i) => `event ${i}`).toSorted()
    write(0, 100)
    expect(seen(await reader.lines(100))).toEqual(upTo(100))
    expect(seen(await member.lines(100))).toEqual(upTo(100))
    const restarted = stage.restartBroker()
    let next = 100
    const timer = setInterval(() => write(next, (next += 10)), 100)
    await restarted
    clearInterval(timer)
    write(next, (next += 100))
    writer.stdin.end()
    expect(await writer.ended).toEqual({
      code: 0,
      stdout: `${next} records written to restarts.events\n`,
      stderr: expect.stringMatching(passingTrouble),
    })
    expect(seen(await reader.lines(next))).toEqual(upTo(next))
    const ofGroup = new Set(seen(await member.lines(next)))
    expect([...ofGroup]).toEqual(upTo(next))
    for (const each of [reader, member]) each.kill('SIGINT')
    expect([(await reader.ended).code, (await member.ended).code]).toEqual([130, 130])
    expect(reader.stdout().split('\n').length - 1).toBe(next)
    const written = (await stage.kcatRecords('restarts.events')).map(({ payload }) => String(payload))
    expect(written.toSorted()).toEqual(upTo(next))
  },
}

export const consumeScenarios: readonly Scenario[] = [edges, follow, forms, restarts]
