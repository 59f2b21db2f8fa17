// What consume prints, produce writes again: the same records, byte for byte, as Java's consumer reads them from both topics.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Json, stringifyJson } from '../../src/core/json.ts'
import { type Stage, setStage } from '../scenarios/stage.ts'
import { createRandom, sampleOf } from '../support/avro-generator.ts'
import { lineOf } from '../support/envelopes.ts'
import type { JavaNewRecord } from '../support/kafka-shell.ts'
import { skipNote } from '../support/native-runtime.ts'
import { type TestStack, stackIsMissing, startStack } from '../support/test-stack.ts'

const missing = stackIsMissing()
const partitions = 5

// random times lie years apart: no time begins a new segment, nothing is deleted for its age
const kept = 'config: { retention.ms: -1, segment.ms: 9223372036854775807 }'

/** Texts that a reader could take for something else, or that a line of JSON has to write in another way. */
const awkward = [
  'null',
  '""',
  '"quoted"',
  '12345678901234567890.10',
  '{"$base64":"AP8="}',
  '{ "$base64": "AP8=" }',
  '["$base64"]',
  'a\r\nb\n\n',
  '\u0000\u0001\u001f\u007f\u0085',
  '\u2028 \u2029 \ufeff',
  '\\u0041 \\n " \\',
  '𝒳 🌍 ä́',
]

/** 10,000 records of every kind, of which many are null, empty or no text. */
function randomRecords(topic: string): JavaNewRecord[] {
  const random = createRandom(404)
  const bytes = (): Buffer => Buffer.from(Array.from({ length: random(120) }, () => random(256)))
  const text = (): string =>
    String.fromCodePoint(
      ...Array.from(
        { length: random(40) },
        () => [random(128), 0x20 + random(0xd000), 0x10000 + random(0xfffff)][random(3)]!,
      ),
    )
  const content = (): Buffer | string | null => {
    const kind = random(10)
    if (kind === 0) return null
    if (kind === 1) return ''
    if (kind < 5) return bytes()
    // as the wire format of a registry begins, of schemas that there are and that there are not
    if (kind === 5) return Buffer.concat([Buffer.from([0, 0, 0, 0, random(4)]), bytes()])
    return kind === 6 ? awkward[random(awkward.length)]! : text()
  }
  const names = ['', 'a', 'b', 'ü', 'null', '🌍 "', '\u0000\n']
  return Array.from({ length: 10_000 }, () => ({
    topic,
    partition: random(partitions),
    // from 1970 to the year 10889: both forms of ISO 8601
    timestamp: BigInt(random(2)) * BigInt(random(2 ** 31)) * BigInt(random(131_072)),
    key: content(),
    value: content(),
    headers: Array.from({ length: random(5) }, () => [names[random(names.length)]!, bufferOf(content())] as const),
  }))
}

const bufferOf = (content: Buffer | string | null): Buffer | null => (content === null ? null : Buffer.from(content))

describe.skipIf(missing !== undefined)(`consume | produce${skipNote(missing)}`, () => {
  let stack: TestStack
  beforeAll(async () => {
    stack = await startStack('version: "3.9", coordination: kraft')
  })
  afterAll(() => stack.close())

  const read = async (topic: string): Promise<string[]> => (await stack.java.read(stack.bootstrap, topic)).map(lineOf)
  const create = (stage: Stage, topic: string): Promise<string> =>
    stage.kafka(
      'topics',
      `--create --topic ${topic} --partitions ${partitions} --config retention.ms=-1 --config segment.ms=9223372036854775807`,
    )
  const pipe = async (stage: Stage, from: string, to: string): Promise<void> => {
    const printed = await stage.run(`consume ${from} --exit -o json`)
    expect(printed.code).toBe(0)
    await stage.done(`produce ${to} --input json`, printed.stdout)
  }

  describe('gives the same 10,000 random records', () => {
    let expected: string[]
    test('Java writes them, with schemas in the registry that some of them seem to name', async () => {
      const stage = setStage(stack, 'identity')
      await stage.declare('topics: {}\n')
      for (const [i, schema] of ['"string"', '"long"', '"bytes"'].entries())
        await stage.ask('POST', `/subjects/identity-${i}/versions`, { schema })
      await create(stage, 'random')
      await stack.java.write(stack.bootstrap, randomRecords('random'), 'zstd')
      expected = await read('random')
      expect(expected).toHaveLength(10_000)
    })

    test.each([
      ['of topics that are not declared', 'undeclared', undefined],
      ['of topics of bytes', 'bytes', 'bytes'],
      ['of topics of text', 'string', 'string'],
      ['of topics of JSON, few of which are JSON', 'json', 'json'],
    ])('%s', async (_, slug, kind) => {
      const stage = setStage(stack, slug)
      const copy = `random-${slug}`
      const topic = `{ partitions: ${partitions}, key: ${kind}, value: ${kind}, ${kept} }`
      await stage.declare(`topics: ${kind ? `{ random: ${topic}, ${copy}: ${topic} }` : '{}'}\n`)
      await create(stage, copy)
      await pipe(stage, 'random', copy)
      expect(await read(copy)).toEqual(expected)
    })
  })

  test('shows times that are nanoseconds by mistake', async () => {
    const stage = setStage(stack, 'nanoseconds')
    await stage.declare('topics: {}\n')
    await create(stage, 'nanoseconds')
    const timestamp = 1_700_000_000_000_000_000n
    await stack.java.write(stack.bootstrap, [{ topic: 'nanoseconds', partition: 0, timestamp, key: null, value: 'v' }])
    expect(await stage.done('consume nanoseconds --exit -o json')).toBe(
      '{"topic":"nanoseconds","partition":0,"offset":0,"timestamp":1700000000000000000,"key":null,"value":"v","headers":[]}\n',
    )
  })

  test.each([1, 2, 3, 4, 5])(
    'gives the same 2,000 Avro records of two versions of a schema, by bytes and by ids (%i)',
    async (seed) => {
      const slug = `avro${seed}`
      const stage = setStage(stack, slug)
      const { schema, values } = sampleOf(seed, 1000)
      const declared = { ...(schema as { fields: readonly Json[] }) }
      await stage.declare(
        `topics: { ${slug}: { partitions: ${partitions}, key: string, value: { schema: ${slug}/value.avsc }, ${kept} } }\n`,
      )
      const write = async (version: Json, lines: readonly Json[]): Promise<number> => {
        await stage.write(`${slug}/value.avsc`, stringifyJson(version))
        await stage.done('apply --yes')
        await stage.done(`produce ${slug}`, lines.map((line) => `${stringifyJson(line)}\n`).join(''))
        return ((await stage.ask('GET', `/subjects/${slug}-value/versions/latest`)).body as { id: number }).id
      }
      const plain = values.map((value) => value.plain as Record<string, Json>)
      const added = { name: 'added', type: ['null', 'string'], default: null }
      const ids = [
        await write(declared as unknown as Json, plain),
        await write(
          { ...declared, fields: [...declared.fields, added] } as unknown as Json,
          plain.map((value, i) => ({ ...value, added: i % 2 === 0 ? null : `two ${i}` })),
        ),
      ]
      await stage.done(`produce ${slug} --tombstone -k gone`)
      const expected = await stack.java.read(stack.bootstrap, slug)
      const idsIn = expected.map(({ value }) => value?.readInt32BE(1))
      for (const id of ids) expect(idsIn.filter((one) => one === id)).toHaveLength(1000)
      await create(stage, `${slug}-copy`)
      await pipe(stage, slug, `${slug}-copy`)
      expect(await read(`${slug}-copy`)).toEqual(expected.map(lineOf))
    },
  )
})
