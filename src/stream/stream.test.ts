import fc from 'fast-check'
import { PassThrough, Readable, Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createEncoder } from '../avro/encode.ts'
import { parseSchema } from '../avro/parse.ts'
import { EvplatError } from '../core/errors.ts'
import { createStyle } from '../core/style.ts'
import { batchesIn } from '../protocol/records/batch.ts'
import { BatchBuilder, type NewRecord } from '../protocol/records/batch-builder.ts'
import { type ConsumeOptions, type Consumed, consume, Writing } from './consume.ts'
import { encodeJson, encodeLine, type WrittenAs } from './encode.ts'
import { readEnvelope } from './envelope-reader.ts'
import { isPlain } from './json-text.ts'
import { linesOf } from './lines.ts'
import { OutputBuffer } from './output-buffer.ts'
import { produce, type RecordSink } from './produce.ts'
import { choosePartitions, type OffsetsPort, rangesOf } from './ranges.ts'
import { envelopeWriter, rawWriter, textWriter } from './record-writers.ts'
import { SchemaCache, type SchemaSource } from './schema-cache.ts'
import type { ShownAs } from './show.ts'
import { parseStart } from './start.ts'
import { schemaIdOf, withSchemaId } from '../avro/wire-format.ts'

const schema = parseSchema(
  '{"type":"record","name":"Order","fields":[{"name":"id","type":"long"},{"name":"note","type":["null","string"],"default":null}]}',
)
const source: SchemaSource = {
  byId: (id) => Promise.resolve(id === 7 ? schema : id === 8 ? parseSchema('["null","int"]') : undefined),
}
const avro: WrittenAs = { kind: 'avro', schemaId: 7, encode: createEncoder(schema) }

class Collected extends Writable {
  private readonly parts: Buffer[] = []
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.parts.push(Buffer.from(chunk))
    done()
  }
  get bytes(): Buffer {
    return Buffer.concat(this.parts)
  }
}

const record = (over: Partial<NewRecord>): NewRecord => ({
  key: null,
  value: null,
  headers: [],
  timestamp: 1_700_000_000_000,
  ...over,
})

function slice(records: readonly NewRecord[]): ReturnType<typeof batchesIn> {
  const builder = new BatchBuilder()
  for (const each of records) builder.add(each)
  return batchesIn(builder.finish({ producerId: -1n, epoch: -1, sequence: -1 }))
}

interface Shown {
  readonly text: string
  readonly consumed: Consumed
}

async function shown(
  records: readonly NewRecord[],
  as: ShownAs,
  form: 'json' | 'raw' | 'text',
  over: Partial<ConsumeOptions> & { range?: [number, number] } = {},
): Promise<Shown> {
  const target = new Collected()
  const output = new OutputBuffer(target)
  const schemas = new SchemaCache(source, 'plain')
  const options = { topic: 't', output, key: as, value: as, schemas }
  const writer =
    form === 'json'
      ? envelopeWriter(options)
      : form === 'raw'
        ? rawWriter(options)
        : textWriter(options, createStyle(false))
  const [from, until] = over.range ?? [0, Infinity]
  const fetched = Readable.from([[{ partition: 0, from, until, batches: slice(records) }]])
  const consumed = await consume(fetched, { ...options, writer, ...over })
  return { text: target.bytes.toString(), consumed }
}

describe('where reading starts', () => {
  const now = Date.UTC(2026, 0, 31, 12)
  test.each([
    ['start', { kind: 'start' }],
    ['end', { kind: 'end' }],
    ['17', { kind: 'offset', offset: 17 }],
    ['-10', { kind: 'last', count: 10 }],
    ['@2026-01-31T10:00:00Z', { kind: 'time', timestamp: Date.UTC(2026, 0, 31, 10) }],
    ['@1769853600000', { kind: 'time', timestamp: 1769853600000 }],
    ['@10m', { kind: 'time', timestamp: now - 600_000 }],
  ])('%s', (text, start) => expect(parseStart(text, now)).toEqual(start))

  test.each(['', 'begin', '@', '@yesterday', '1.5', '99999999999999999999', '--1', '@5'])('%s is refused', (text) => {
    expect(() => parseStart(text, now)).toThrow(EvplatError)
  })

  test('a near miss is guessed', () => {
    expect(() => parseStart('strat', now)).toThrow(
      expect.objectContaining({ parts: { hint: 'did you mean "start"?' } }),
    )
  })
})

describe('from a start to offsets', () => {
  const offsets: OffsetsPort = {
    partitionCount: 3,
    starts: (partitions) => Promise.resolve(new Map(partitions.map((p) => [p, [5, 0, 0][p]!]))),
    ends: (partitions) => Promise.resolve(new Map(partitions.map((p) => [p, [20, 3, 0][p]!]))),
    at: (partitions) => Promise.resolve(new Map(partitions.map((p) => [p, [9, -1, -1][p]!]))),
  }
  const from = async (text: string, partitions: number[] = [], exit = true): Promise<unknown> =>
    [...(await rangesOf(offsets, { start: parseStart(text, 0), partitions, exit }))].map(([p, r]) => [
      p,
      r.from,
      r.until,
    ])

  test.each([
    [
      'start',
      [
        [0, 5, 20],
        [1, 0, 3],
        [2, 0, 0],
      ],
    ],
    [
      'end',
      [
        [0, 20, 20],
        [1, 3, 3],
        [2, 0, 0],
      ],
    ],
    [
      '2',
      [
        [0, 5, 20],
        [1, 2, 3],
        [2, 2, 0],
      ],
    ],
    [
      '-2',
      [
        [0, 18, 20],
        [1, 1, 3],
        [2, 0, 0],
      ],
    ],
    [
      '-1000',
      [
        [0, 5, 20],
        [1, 0, 3],
        [2, 0, 0],
      ],
    ],
    [
      '@1769853600000',
      [
        [0, 9, 20],
        [1, 3, 3],
        [2, 0, 0],
      ],
    ],
  ])('%s', async (text, ranges) => expect(await from(text)).toEqual(ranges))

  test('partitions are chosen once each, and must be there', async () => {
    expect(await from('start', [1, 1], false)).toEqual([[1, 0, undefined]])
    expect(() => choosePartitions([3], 3)).toThrow('there is no partition 3: the topic has 3 partitions (0 to 2)')
  })
})

describe('lines of input', () => {
  async function lines(chunks: readonly (string | Buffer)[]): Promise<unknown> {
    const all: [number, string][] = []
    for await (const group of linesOf(Readable.from(chunks.map((chunk) => Buffer.from(chunk)))))
      for (const line of group) all.push([line.number, line.bytes.toString()])
    return all
  }

  test('are numbered, wherever the chunks are cut; the last needs no newline', async () => {
    expect(await lines(['a\nb', 'c\n', '\nd'])).toEqual([
      [1, 'a'],
      [2, 'bc'],
      [3, ''],
      [4, 'd'],
    ])
    expect(await lines(['a\n'])).toEqual([[1, 'a']])
    expect(await lines([])).toEqual([])
  })

  test('any cutting gives the same lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', 'é', '\n'), maxLength: 40 }),
        fc.array(fc.nat({ max: 40 })),
        async (text, cuts) => {
          const bytes = Buffer.from(text)
          const at = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length]
          const chunks = at
            .slice(1)
            .map((end, i) => bytes.subarray(at[i], end))
            .filter((chunk) => chunk.length > 0)
          const expected = text.split('\n').map((line, i) => [i + 1, line])
          if (text.endsWith('\n') || text === '') expected.pop()
          expect(await lines(chunks)).toEqual(expected)
        },
      ),
    )
  })

  test('an input that is destroyed ends the lines, without what was begun', async () => {
    const input = new PassThrough()
    input.write('a\nbeg')
    const seen: string[] = []
    for await (const group of linesOf(input)) {
      seen.push(...group.map((line) => line.bytes.toString()))
      input.destroy()
    }
    expect(seen).toEqual(['a'])
  })
})

describe('the wire format', () => {
  test('has a zero byte, the id, the binary', () => {
    const bytes = withSchemaId(258, Buffer.from([1, 2]))
    expect(bytes.toString('hex')).toBe('00000001020102')
    expect(schemaIdOf(bytes, 0, bytes.length)).toBe(258)
    expect(schemaIdOf(Buffer.from('text!'), 0, 5)).toBeUndefined()
    expect(schemaIdOf(Buffer.from([0, 0, 0, 1]), 0, 4)).toBeUndefined()
  })
})

describe('envelopes', () => {
  test('text goes out as it is, escaped where JSON wants it, and as bytes where it is none', async () => {
    const values = ['plain', 'with "quotes" and \\ and \n', 'ünï', '']
    const { text } = await shown(
      [...values.map((value) => record({ value: Buffer.from(value) })), record({ key: Buffer.from([0xff]) })],
      'string',
      'json',
    )
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { value: unknown; key: unknown })
    expect(lines.map((line) => line.value)).toEqual([...values, null])
    expect(lines.at(-1)!.key).toEqual({ $base64: '/w==' })
    expect(text.split('\n')[0]).toBe(
      '{"topic":"t","partition":0,"offset":0,"timestamp":"2023-11-14T22:13:20.000Z","key":null,"value":"plain","headers":[]}',
    )
  })

  test('json keeps its spelling, on one line', async () => {
    const value = (text: string): NewRecord => record({ value: Buffer.from(text) })
    const { text, consumed } = await shown(
      [
        value('{"a": 1.0, "n": 12345678901234567890}'),
        value('{\n"a":1}'),
        value('{"a":'),
        value('null'),
        value('{"$base64":"AA=="}'),
      ],
      'json',
      'json',
    )
    const lines = text.trimEnd().split('\n')
    expect(lines[0]).toContain('"value":{"a": 1.0, "n": 12345678901234567890},')
    expect(lines[1]).toContain('"value":{"a":1},')
    expect(lines[2]).toContain(`"value":{"$base64":"${Buffer.from('{"a":').toString('base64')}"}`)
    expect(lines[2]).toContain('"error":"value: not JSON')
    expect(lines[3]).toContain('"value":{"$base64":"bnVsbA=="}')
    expect(lines[4]).toContain(`"value":{"$base64":"${Buffer.from('{"$base64":"AA=="}').toString('base64')}"}`)
    expect(consumed).toMatchObject({
      records: 5,
      undecodable: 1,
      firstProblem: expect.stringMatching(/^0:2: value: not JSON/),
    })
  })

  test('Avro is found by its id; what can not be decoded is bytes with the reason, and the stream goes on', async () => {
    const good = withSchemaId(7, createEncoder(schema)({ id: 2n ** 60n, note: null }))
    const records = [
      good,
      withSchemaId(9, Buffer.from([2])),
      withSchemaId(7, Buffer.from([])),
      Buffer.from('text'),
    ].map((value) => record({ value }))
    const declared = await shown(records, 'avro', 'json')
    const lines = declared.text.trimEnd().split('\n')
    expect(lines[0]).toContain('"value":{"id":1152921504606846976,"note":null},"headers":[],"valueSchemaId":7}')
    expect(lines[1]).toMatch(/"valueSchemaId":9,"error":"value: the registry does not know schema id 9"}$/)
    expect(lines[2]).toMatch(/"valueSchemaId":7,"error":"value: not of schema 7: .+"}$/)
    expect(lines[3]).toMatch(/"error":"value: not in the wire format/)
    expect(declared.consumed).toMatchObject({ records: 4, undecodable: 3 })
    const undeclared = (await shown(records, 'auto', 'json')).text.trimEnd().split('\n')
    expect(undeclared[0]).toBe(lines[0])
    expect(undeclared[1]).toContain('"value":"\\u0000\\u0000\\u0000\\u0000\\t\\u0002"')
    expect(undeclared[3]).toContain('"value":"text"')
  })

  test('raw writes values and newlines, text is safe for a terminal', async () => {
    const records = [
      record({ key: Buffer.from('k'), value: Buffer.from('a\u001b[31mb') }),
      record({ headers: [['h', null]] }),
    ]
    expect((await shown(records, 'auto', 'raw')).text).toBe('a\u001b[31mb\n\n')
    const lines = (await shown(records, 'auto', 'text')).text.split('\n')
    expect(lines[0]).toBe('0:0  2023-11-14T22:13:20.000Z  k  a\\u001b[31mb')
    expect(lines[1]).toBe('0:1  2023-11-14T22:13:20.000Z  -  tombstone  [["h",null]]')
  })

  test('ranges and limits are exact', async () => {
    const records = ['a', 'b', 'c', 'd'].map((value) => record({ value: Buffer.from(value) }))
    expect((await shown(records, 'string', 'raw', { range: [1, 3] })).text).toBe('b\nc\n')
    expect((await shown(records, 'string', 'raw', { limit: 3 })).text).toBe('a\nb\nc\n')
    expect((await shown(records, 'string', 'raw', { limit: 0 })).text).toBe('')
  })

  test('consume piped into produce gives the same records', async () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((b) => Buffer.from(b))
    const text = fc.string({ unit: 'grapheme', maxLength: 10 }).map((t) => Buffer.from(t))
    const value = fc.option(fc.oneof(bytes, text), { nil: null })
    const avroValue = fc
      .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
      .map((id) => withSchemaId(7, createEncoder(schema)({ id, note: 'x' })))
    const header = fc.tuple(fc.string({ unit: 'grapheme', maxLength: 3 }), value)
    const any = fc.record({
      key: value,
      value: fc.oneof(value, avroValue, fc.constant(withSchemaId(8, Buffer.from([0])))),
      headers: fc.array(header, { maxLength: 3 }),
      timestamp: fc.integer({ min: 0, max: 4e12 }),
    })
    const schemaFor = async (id: number): Promise<WrittenAs | undefined> => {
      const known = await source.byId(id)
      return known && { kind: 'avro', schemaId: id, encode: createEncoder(known) }
    }
    for (const [as, writtenAs] of [
      ['auto', { kind: 'text' }],
      ['string', { kind: 'string' }],
      ['bytes', { kind: 'bytes' }],
      ['avro', avro],
    ] as const)
      await fc.assert(
        fc.asyncProperty(fc.array(any, { minLength: 1, maxLength: 5 }), async (records) => {
          const lines = (await shown(records, as, 'json')).text.trimEnd().split('\n')
          const back = await Promise.all(
            lines.map((line) => readEnvelope(Buffer.from(line), { key: writtenAs, value: writtenAs, schemaFor })),
          )
          expect(back.map(({ partition: _, ...rest }) => rest)).toEqual(records)
        }),
        { numRuns: 200 },
      )
  })

  test('text that is not UTF-8 stays the bytes that it is, in JSON and in Avro', async () => {
    const json = Buffer.from([0x22, 0xff, 0x22])
    const { text, consumed } = await shown([record({ value: json })], 'json', 'json')
    expect(text).toContain('"value":{"$base64":"Iv8i"}')
    expect(consumed.firstProblem).toBe('0:0: value: not JSON: not UTF-8')
    const wire = withSchemaId(7, Buffer.from([2, 2, 2, 0xff]))
    const inAvro = await shown([record({ value: wire })], 'avro', 'json')
    expect(inAvro.text).toContain(`"value":{"$base64":"${wire.toString('base64')}"}`)
  })

  test('a time that ISO 8601 has no form for is shown as its number', async () => {
    const times = [8.64e15, 8.64e15 + 1, 1_700_000_000_000_000_000]
    const records = times.map((timestamp) => record({ timestamp }))
    const { text } = await shown(records.slice(0, 2), 'string', 'json')
    const lines = text.trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { timestamp: unknown }).timestamp)).toEqual([
      '+275760-09-13T00:00:00.000Z',
      8.64e15 + 1,
    ])
    const options = { key: avro, value: avro, schemaFor: () => Promise.resolve(undefined) }
    const read = await Promise.all(lines.map((line) => readEnvelope(Buffer.from(line), options)))
    expect(read.map(({ timestamp }) => timestamp)).toEqual(times.slice(0, 2))
    expect((await shown(records, 'string', 'text')).text).toBe(
      '0:0  +275760-09-13T00:00:00.000Z  -  tombstone\n0:1  8640000000000001  -  tombstone\n0:2  1700000000000000000  -  tombstone\n',
    )
  })

  test.each([
    '12345678901234567890.10',
    '{"a" : 1.50, "b":[ 1E400,-0.0 ]}',
    '"\\u0041"',
    '{ "$base64": "AP8=" }',
    '{"\\u0024base64":"AP8="}',
    'null',
  ])('JSON is shown and written as it is: %s', async (text) => {
    const bytes = Buffer.from(text)
    const envelope = await shown([record({ key: bytes, value: bytes, headers: [['key', bytes]] })], 'json', 'json')
    const json = { kind: 'json' } as const
    const options = { key: json, value: json, schemaFor: () => Promise.resolve(undefined) }
    const { key, value } = await readEnvelope(Buffer.from(envelope.text), options)
    expect([String(key), String(value)]).toEqual([text, text])
  })

  test.each([
    ['[]', '$: expected a record'],
    ['{"valeu":1}', '$.valeu: not a part of a record'],
    ['{"key":"k"}', '$.value: missing; null writes a tombstone'],
    ['{"value":1}', '$.value: expected a string, got 1'],
    ['{"value":"v","headers":{"a":1}}', '$.headers: expected a list'],
    ['{"value":"v","headers":[["a"]]}', '$.headers[0]: expected [name, value]'],
    ['{"value":"v","headers":[["a",1]]}', '$.headers[0][1]: expected a string or { "$base64": ... }, got 1'],
    ['{"value":"v","timestamp":"soon"}', '$.timestamp: expected'],
    ['{"value":"v","partition":-1}', '$.partition: expected'],
    ['{"value":"v"', 'line 1'],
  ])('%s is refused with its path', async (line, message) => {
    const string: WrittenAs = { kind: 'string' }
    await expect(
      readEnvelope(Buffer.from(line), { key: string, value: string, schemaFor: () => Promise.resolve(undefined) }),
    ).rejects.toThrow(message)
  })
})

describe('encoding', () => {
  test('by format', () => {
    expect(encodeJson('x', { kind: 'text' })).toEqual(Buffer.from('x'))
    expect(encodeJson({ a: 1 }, { kind: 'text' })).toEqual(Buffer.from('{"a":1}'))
    expect(encodeJson({ $base64: 'AAE=' }, { kind: 'string' })).toEqual(Buffer.from([0, 1]))
    expect(encodeJson({ $base64: '!' }, { kind: 'json' })).toEqual(Buffer.from('{"$base64":"!"}'))
    expect(encodeJson(null, { kind: 'json' })).toBeNull()
    expect(encodeLine(Buffer.from('any line'), { kind: 'bytes' })).toEqual(Buffer.from('any line'))
    expect(encodeLine(Buffer.from('{"a": 1}'), { kind: 'json' })).toEqual(Buffer.from('{"a": 1}'))
    expect(() => encodeLine(Buffer.from('{"a": '), { kind: 'json' })).toThrow()
    expect(encodeLine(Buffer.from('{"id":1}'), avro)!.subarray(0, 5).toString('hex')).toBe('0000000007')
  })

  test('plain ASCII is told from what needs an escape', () => {
    expect(isPlain(Buffer.from('abc ~'), 0, 5)).toBe(true)
    for (const text of ['"', '\\', '\n', '\u007f', 'é'])
      expect(isPlain(Buffer.from(text), 0, Buffer.byteLength(text))).toBe(false)
  })
})

describe('the loop of produce', () => {
  class Sink implements RecordSink {
    readonly partitionCount = 2
    readonly added: string[] = []
    acknowledged = 0
    partitionFor = (key: Buffer | null): number => (key ? 1 : 0)
    ready = (): Promise<void> => Promise.resolve()
    kick = (): void => undefined
    add({ value }: { value: Buffer | null }, partition: number, tag: number): boolean {
      this.added.push(`${tag}:${partition}:${value?.toString()}`)
      return this.added.length % 2 === 0
    }
    flush(): Promise<void> {
      this.acknowledged = this.added.length
      return Promise.resolve()
    }
  }
  const run = async (
    text: string,
    read: (line: Buffer) => never | { key: null; value: Buffer; headers: []; partition?: number } | undefined,
  ): Promise<Sink> => {
    const sink = new Sink()
    await produce(linesOf(Readable.from([Buffer.from(text)])), {
      sink,
      read,
      signal: new AbortController().signal,
      now: () => 0,
    })
    return sink
  }
  const asValue = (line: Buffer): { key: null; value: Buffer; headers: [] } => ({
    key: null,
    value: Buffer.from(line),
    headers: [],
  })

  test('writes every line in order; what is passed over keeps its number', async () => {
    const sink = await run('a\n\nb\n', (line) => (line.length === 0 ? undefined : asValue(line)))
    expect(sink.added).toEqual(['1:0:a', '3:0:b'])
    expect(sink.acknowledged).toBe(2)
  })

  test('stops at a bad line, and writes what stood before it', async () => {
    const sink = new Sink()
    const lines = linesOf(Readable.from([Buffer.from('a\nbad\nc\n')]))
    const read = (line: Buffer): ReturnType<typeof asValue> => {
      if (line.toString() === 'bad') throw new EvplatError('bad-input', '$.x: wrong')
      return asValue(line)
    }
    await expect(produce(lines, { sink, read, signal: new AbortController().signal, now: () => 0 })).rejects.toThrow(
      'line 2: $.x: wrong',
    )
    expect([sink.added, sink.acknowledged]).toEqual([['1:0:a'], 1])
  })

  test('refuses a partition that there is not', async () => {
    await expect(run('a\n', (line) => ({ ...asValue(line), partition: 2 }))).rejects.toThrow(
      'line 1: there is no partition 2: the topic has 2',
    )
  })
})

describe('records of a group', () => {
  test('are written until the limit, and counted', async () => {
    const target = new Collected()
    const output = new OutputBuffer(target)
    const schemas = new SchemaCache(undefined, 'plain')
    const writing = new Writing({
      writer: rawWriter({ output }),
      output,
      schemas,
      key: 'auto',
      value: 'auto',
      limit: 2,
    })
    const builder = new BatchBuilder()
    for (const value of ['a', 'b', 'c', 'd'])
      builder.add({ key: null, value: Buffer.from(value), headers: [], timestamp: 0 })
    const bytes = builder.finish({ producerId: -1n, epoch: -1, sequence: -1 })
    bytes.writeBigInt64BE(10n)
    const fetched = { partition: 0, until: Infinity, batches: batchesIn(bytes) }
    expect(await writing.writeBatches({ ...fetched, from: 11, until: 12 })).toBeUndefined()
    expect(await writing.writeBatches({ ...fetched, from: 12 })).toBe(13)
    expect(await writing.writeBatches({ ...fetched, from: 13 })).toBe(13)
    await output.flush()
    expect(target.bytes.toString()).toBe('b\nc\n')
    expect(writing.consumed).toEqual({ records: 2, undecodable: 0 })
  })
})
