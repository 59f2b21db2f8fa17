// Records from one program to another, byte for byte: Java's, librdkafka's and ours, with every codec that there is.
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Stage, setStage } from '../scenarios/stage.ts'
import { createRandom } from '../support/avro-generator.ts'
import { inOrder, lineOf, recordsIn } from '../support/envelopes.ts'
import type { Codec, JavaNewRecord, JavaRecord } from '../support/kafka-shell.ts'
import { kcat } from '../support/kcat.ts'
import { skipNote } from '../support/native-runtime.ts'
import { type TestStack, stackIsMissing, startStack } from '../support/test-stack.ts'

const missing = stackIsMissing()
const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const start = Date.UTC(2026, 0, 31, 10, 0, 0, 123)
const random = createRandom(20_260_131)

const randomBytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => random(256)))
const compressible = (length: number): Buffer =>
  Buffer.from(Array.from({ length: Math.ceil(length / 8) }, (_, i) => `line ${i % 991}, `).join('')).subarray(0, length)

/** Every kind of key with every kind of value and of headers, and some that are large. */
function recordsOfEveryKind(topic: string): JavaNewRecord[] {
  const keys = [null, '', 'key', Buffer.from([0, 255, 128])]
  const values = [null, '', 'text', 'wörld 🌍 "quoted"\\\n\r\t\u0000\u007f', Buffer.from([0, 0, 0, 0, 7, 255])]
  const headers: JavaRecord['headers'][] = [
    [],
    [
      ['a', Buffer.from('1')],
      ['b', Buffer.alloc(0)],
      ['a', Buffer.from('2')],
    ],
    [['null', null]],
    [['binary', Buffer.from([255, 128, 61, 44])]],
    [
      ['', Buffer.from('no name')],
      ['ü', Buffer.from('ä')],
    ],
  ]
  const small = keys.flatMap((key) =>
    values.flatMap((value) => headers.map((some): Omit<JavaNewRecord, 'topic'> => ({ key, value, headers: some }))),
  )
  const large = [
    compressible(300_000),
    randomBytes(300_000),
    Buffer.concat([compressible(400_000), randomBytes(200_000)]),
  ]
  return [...small, ...large.map((value) => ({ key: 'large', value }))].map((record, i) => ({
    ...record,
    topic,
    partition: i % 3,
    timestamp: i % 10 === 0 ? 0n : BigInt(start + i),
  }))
}

const bytes = (content: Buffer | string | null): Buffer | null => (content === null ? null : Buffer.from(content))

/** What must be read of records that one producer has written to an empty topic. */
function written(records: readonly JavaNewRecord[]): JavaRecord[] {
  const next = new Map<number, number>()
  return inOrder(
    records.map(({ partition = 0, timestamp = 0n, key, value, headers = [] }) => {
      const offset = next.get(partition) ?? 0
      next.set(partition, offset + 1)
      return { partition, offset, timestamp, key: bytes(key), value: bytes(value), headers }
    }),
  )
}

const lines = (records: readonly JavaRecord[]): string[] => records.map(lineOf)

/** By kcat, which knows bytes where it is told to print lengths. */
async function readByKcat(bootstrap: string, topic: string): Promise<string[]> {
  const format = String.raw`%p %o %T %K %S %k%s%h\n`
  const printed = await kcat(['-b', bootstrap, '-C', '-t', topic, '-e', '-q', '-f', format])
  const found: { partition: number; offset: number; line: string }[] = []
  const numbers = [0, 0, 0, 0, 0]
  for (let at = 0; at < printed.length; at++) {
    for (const i of numbers.keys()) {
      const end = printed.indexOf(' ', at)
      numbers[i] = Number(printed.toString('latin1', at, end))
      at = end + 1
    }
    const [partition, offset, timestamp, keyLength, valueLength] = numbers as [number, number, number, number, number]
    const take = (length: number): Buffer | null => (length < 0 ? null : printed.subarray(at, (at += length)))
    const [key, value] = [take(keyLength), take(valueLength)]
    const headersAt = at
    at = printed.indexOf(10, at)
    const record = { partition, offset, timestamp: BigInt(timestamp), key, value, headers: [] }
    found.push({ partition, offset, line: `${lineOf(record)} ${printed.toString('hex', headersAt, at)}` })
  }
  return inOrder(found).map(({ line }) => line)
}

/** A record as `readByKcat` tells it: kcat writes headers as NAME=VALUE with commas between, and NULL. */
function lineOfKcat(record: JavaRecord): string {
  const pairs = record.headers.map(([name, value]) =>
    Buffer.concat([Buffer.from(`${name}=`), value ?? Buffer.from('NULL')]).toString('hex'),
  )
  return `${lineOf({ ...record, headers: [] })} ${pairs.join('2c')}`
}

/** An envelope as `produce --input json` takes it. */
function envelope({ partition, timestamp, key, value, headers = [] }: JavaNewRecord): string {
  const shown = (content: Buffer | string | null): unknown =>
    Buffer.isBuffer(content) ? { $base64: content.toString('base64') } : content
  const time = Number(timestamp)
  const pairs = headers.map(([name, content]) => [name, shown(content)])
  return `${JSON.stringify({ partition, timestamp: time, key: shown(key), value: shown(value), headers: pairs })}\n`
}

describe.skipIf(missing !== undefined)(`records between programs${skipNote(missing)}`, () => {
  let stack: TestStack
  let stage: Stage
  beforeAll(async () => {
    stack = await startStack('version: "3.9", coordination: kraft')
  })
  beforeEach(async () => {
    stage = setStage(stack, 'records')
    await stage.declare('topics: {}\n')
  })
  afterAll(() => stack.close())

  // times of tests lie anywhere: nothing is deleted for its age, and no time begins a new segment
  const kept = '--config retention.ms=-1 --config segment.ms=9223372036854775807'
  const create = (topic: string, partitions: number, more = ''): Promise<string> =>
    stage.kafka('topics', `--create --topic ${topic} --partitions ${partitions} ${kept} ${more}`)
  const consumed = async (topic: string): Promise<string[]> =>
    lines(recordsIn(await stage.done(`consume ${topic} --exit -o json`)))

  /** The codecs of the batches in the log of a partition, as Kafka's own program finds them on disk. */
  const codecsOnDisk = async (topic: string, partition = 0): Promise<string[]> => {
    const files = await readdir(join(stack.folder, '.evplat/data'), { recursive: true })
    const log = files.find((file) => file.endsWith(`${topic}-${partition}/00000000000000000000.log`))!
    const dump = await stack.java.ask('kafka.tools.DumpLogSegments', [
      '--files',
      join(stack.folder, '.evplat/data', log),
    ])
    return [...new Set([...dump.matchAll(/ compresscodec: (\w+)/g)].map(([, name]) => name!))]
  }

  test.each(codecs)("what Java's producer writes with %s is read equal", async (codec) => {
    const topic = `java-${codec}`
    await create(topic, 3)
    const records = recordsOfEveryKind(topic)
    await stack.java.write(stack.bootstrap, records, codec)
    expect(await codecsOnDisk(topic)).toEqual([codec])
    const expected = lines(written(records))
    expect(lines(await stack.java.read(stack.bootstrap, topic))).toEqual(expected)
    expect(await consumed(topic)).toEqual(expected)
  })

  test.each(codecs)("what Java's console producer writes with %s is read equal", async (codec) => {
    const topic = `console-${codec}`
    await create(topic, 1)
    const properties = [
      'parse.headers=true',
      'parse.key=true',
      'null.marker=NULL',
      'headers.separator=;',
      'headers.key.separator==',
    ]
    const input = ['a=1;a=2\tkey\twörld 🌍', 'b=\tNULL\tno key', 'c=NULL\tk\tNULL', 'd=4\t\t', 'e=5\tlarge\t'].join(
      '\n',
    )
    const to = ['--bootstrap-server', stack.bootstrap, '--topic', topic, '--compression-codec', codec]
    await stack.java.ask(
      'kafka.tools.ConsoleProducer',
      to.concat(properties.flatMap((property) => ['--property', property])),
      `${input}${compressible(200_000).toString()}\n`,
    )
    expect(await codecsOnDisk(topic)).toEqual([codec])
    const text = (content: string): Buffer => Buffer.from(content)
    const expected = [
      {
        key: text('key'),
        value: text('wörld 🌍'),
        headers: [
          ['a', text('1')],
          ['a', text('2')],
        ],
      },
      { key: null, value: text('no key'), headers: [['b', text('')]] },
      { key: text('k'), value: null, headers: [['c', null]] },
      { key: text(''), value: text(''), headers: [['d', text('4')]] },
      { key: text('large'), value: compressible(200_000), headers: [['e', text('5')]] },
    ] as const
    const seen = recordsIn(await stage.done(`consume ${topic} --exit`))
    expect(lines(seen.map((record) => ({ ...record, timestamp: 0n })))).toEqual(
      lines(expected.map((record, offset) => ({ partition: 0, offset, timestamp: 0n, ...record }))),
    )
    expect(lines(seen)).toEqual(lines(await stack.java.read(stack.bootstrap, topic)))
  })

  test.each(codecs)('what kcat writes with %s is read equal', async (codec) => {
    const topic = `kcat-${codec}`
    await create(topic, 2)
    const large = Buffer.concat([compressible(500_000), randomBytes(200_000)])
    const file = join(stack.folder, `${topic}.bin`)
    await writeFile(file, large)
    const write = ['-b', stack.bootstrap, '-P', '-t', topic, '-X', `compression.codec=${codec}`, '-X', 'linger.ms=50']
    const binary = Buffer.from([0, 255, 10, 13, 128, 9])
    const pairs = [
      ['key', 'value'],
      ['', ''],
      ['ü', 'wörld 🌍\n'],
      [binary, binary],
      ...Array.from({ length: 500 }, (_, i) => [`key ${i}`, 'the same again '.repeat(i % 20)] as const),
    ].map(([key, value]) => [Buffer.from(key!), Buffer.from(value!)] as const)
    const input = pairs.flatMap(([key, value]) => [key, Buffer.from([31]), value, Buffer.from([30])])
    const split = ['-D', String.raw`\x1e`, '-K', String.raw`\x1f`]
    const headers = ['-H', 'a=1', '-H', 'a=2', '-H', 'ü=', '-H', 'none']
    await kcat([...write, '-p', '0', ...split, ...headers], Buffer.concat(input))
    await kcat([...write, '-p', '1', file])
    await kcat([...write, '-p', '1', '-Z', ...split], '\u001fvalue\u001ekey\u001f\u001e')
    expect(await codecsOnDisk(topic)).toEqual([codec])

    const seen = recordsIn(await stage.done(`consume ${topic} --exit`))
    const told: JavaRecord['headers'] = [
      ['a', Buffer.from('1')],
      ['a', Buffer.from('2')],
      ['ü', Buffer.alloc(0)],
      ['none', null],
    ]
    const expected = [
      ...pairs.map(([key, value], offset) => ({ partition: 0, offset, key, value, headers: told })),
      { partition: 1, offset: 0, key: null, value: large, headers: [] },
      { partition: 1, offset: 1, key: null, value: Buffer.from('value'), headers: [] },
      { partition: 1, offset: 2, key: Buffer.from('key'), value: null, headers: [] },
    ]
    expect(lines(seen.map((record) => ({ ...record, timestamp: 0n })))).toEqual(
      lines(expected.map((record) => ({ ...record, timestamp: 0n }))),
    )
    expect(lines(seen)).toEqual(lines(await stack.java.read(stack.bootstrap, topic)))
  })

  test.each(codecs)('what produce writes to a topic of %s is read equal by Java and kcat', async (codec) => {
    const topic = `ours-${codec}`
    await create(topic, 3, `--config compression.type=${codec === 'none' ? 'uncompressed' : codec}`)
    const records = recordsOfEveryKind(topic)
    await stage.done(`produce ${topic} --input json`, records.map(envelope).join(''))
    expect(await codecsOnDisk(topic)).toEqual([codec])
    const expected = written(records)
    expect(lines(await stack.java.read(stack.bootstrap, topic))).toEqual(lines(expected))
    expect(await readByKcat(stack.bootstrap, topic)).toEqual(expected.map(lineOfKcat))
    expect(await consumed(topic)).toEqual(lines(expected))
  })

  test("what produce writes is what Java's console consumer prints", async () => {
    await create('console', 1)
    const options = `-p 0 --timestamp ${start} -H trace=1 -H 'trace=a b'`
    await stage.done(`produce console -k key ${options}`, 'wörld 🌍\n\nlast')
    await stage.done(`produce console ${options}`, 'no key')
    await stage.done(`produce console --tombstone -k gone ${options}`)
    const shown = ['timestamp', 'headers', 'offset', 'partition', 'key', 'value'].map(
      (part) => `--property print.${part}=true`,
    )
    expect(
      await stage.kafka('consoleConsumer', `--topic console --from-beginning --max-messages 5 ${shown.join(' ')}`),
    ).toBe(
      [
        ['Offset:0', 'key', 'wörld 🌍'],
        ['Offset:1', 'key', ''],
        ['Offset:2', 'key', 'last'],
        ['Offset:3', 'null', 'no key'],
        ['Offset:4', 'gone', 'null'],
      ]
        .map(
          ([offset, ...rest]) =>
            `${[`CreateTime:${start}`, 'Partition:0', offset, 'trace:1,trace:a b', ...rest].join('\t')}\n`,
        )
        .join(''),
    )
  })

  test('2,000 keys go to the partitions that Java chooses, out of 7', async () => {
    await Promise.all([create('java-keys', 7), create('our-keys', 7)])
    const text = (): string => `${random(1000)} wörld 🌍 ${'x'.repeat(random(30))}`
    const keys = new Map(
      [...Array(2000).keys()]
        .map((i) => (i % 2 === 0 ? Buffer.from(text()) : randomBytes(i % 64)))
        .map((key) => [key.toString('hex'), key]),
    )
    const records = [...keys.values()].map((key, i) => ({ topic: 'java-keys', key, value: String(i) }))
    await stack.java.write(stack.bootstrap, records)
    const input = records.map(
      ({ key, value }) => `${JSON.stringify({ key: { $base64: key.toString('base64') }, value })}\n`,
    )
    await stage.done('produce our-keys --input json', input.join(''))
    const places = async (topic: string): Promise<string[]> =>
      (await stack.java.read(stack.bootstrap, topic))
        .map(({ partition, key, value }) => `${partition} ${key!.toString('hex')} ${value!.toString()}`)
        .toSorted()
    const chosen = await places('java-keys')
    expect(chosen.length).toBeGreaterThanOrEqual(1800)
    expect(new Set(chosen.map((place) => place[0])).size).toBe(7)
    expect(await places('our-keys')).toEqual(chosen)
  })
})
