// What plan and apply cost a cluster and a registry, counted in requests by proxies before them. Times are nobody's business here.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stage, setStage } from '../scenarios/stage.ts'
import { type CuttingProxy, startCuttingProxy } from '../support/cutting-proxy.ts'
import { type KafkaProxy, startKafkaProxy } from '../support/kafka-proxy.ts'
import { skipNote } from '../support/native-runtime.ts'
import { type TestStack, stackIsMissing, startStack } from '../support/test-stack.ts'

const missing = stackIsMissing()
const topicCount = 1000
const subjectCount = 20

const topicName = (i: number): string => `budget.events-${String(i).padStart(4, '0')}`

interface Declared {
  /** topics whose retention differs from the others', from the first on */
  readonly changed?: number
  /** topics with one more partition */
  readonly grown?: number
  /** schemas with one more field */
  readonly evolved?: number
}

describe.skipIf(missing !== undefined)(`budgets of requests, ${topicCount} topics${skipNote(missing)}`, () => {
  let stack: TestStack
  let stage: Stage
  let kafka: KafkaProxy
  let registry: CuttingProxy
  beforeAll(async () => {
    stack = await startStack('version: "3.9", coordination: kraft')
    stage = setStage(stack, 'budget')
    kafka = await startKafkaProxy(stack.bootstrap)
    registry = await startCuttingProxy(stack.registryUrl)
  })
  afterAll(async () => {
    await kafka.close()
    await registry.close()
    await stack.close()
  })

  const declare = async ({ changed = 0, grown = 0, evolved = 0 }: Declared = {}): Promise<void> => {
    const topics = Array.from({ length: topicCount }, (_, i) => {
      const config = `config: { retention.ms: ${i < changed ? '8d' : '7d'}, max.message.bytes: 2000000 }`
      const value = i < subjectCount ? `value: { schema: budget/value-${i}.avsc }` : 'value: string'
      return `  ${topicName(i)}: { partitions: ${i < grown ? 2 : 1}, ${config}, ${value} }\n`
    })
    for (let i = 0; i < subjectCount; i++) {
      const added = i < evolved ? [{ name: 'note', type: ['null', 'string'], default: null }] : []
      const fields = [{ name: 'id', type: 'long' }, ...added]
      await stage.write(`budget/value-${i}.avsc`, JSON.stringify({ type: 'record', name: `Value${i}`, fields }))
    }
    const proxied = `{ kafka: { bootstrap: ['${kafka.bootstrap}'] }, registry: { url: '${registry.url}' } }`
    await stage.declare(`environments: { proxied: ${proxied} }\ntopics:\n${topics.join('')}`)
  }

  /** What a command prints at the end, its requests to the brokers by API and to the registry by method and kind of path. */
  const run = async (command: string): Promise<{ said: string; kafka: object; registry: Record<string, number> }> => {
    kafka.reset()
    registry.seen.length = 0
    const said = (await stage.done(`${command} --env proxied`)).trim().split('\n').at(-1)!
    const counts: Record<string, number> = {}
    for (const { method, path } of registry.seen) {
      const kind = path
        .replaceAll(/budget\.events-\d+-value/g, 'SUBJECT')
        .replaceAll(/\b\d+\b/g, 'N')
        .replace(/\?.*/, '')
      counts[`${method} ${kind}`] = (counts[`${method} ${kind}`] ?? 0) + 1
    }
    return { said, kafka: kafka.counts(), registry: counts }
  }

  /** What a registry is asked about subjects that are there and as they should be: a lookup each, and the versions for their levels. */
  const unchangedSubjects = {
    'GET /config': 1,
    'GET /subjects/SUBJECT/versions': subjectCount,
    'GET /subjects/SUBJECT/versions/N': subjectCount,
    'POST /subjects/SUBJECT': subjectCount,
  }
  const noChanges = {
    said: 'No changes: 1020 unchanged.',
    kafka: { Metadata: 1, DescribeConfigs: 1 },
    registry: unchangedSubjects,
  }
  const newSubjects = {
    'GET /config': 1,
    'GET /subjects/SUBJECT/versions': subjectCount,
    'GET /mode': subjectCount,
    'GET /mode/SUBJECT': subjectCount,
    'POST /compatibility/subjects/SUBJECT/versions': subjectCount,
  }
  // topics are made in batches of 500, and proven as they are made
  const batches = topicCount / 500

  test('a plan of new topics proves them in batches', async () => {
    await declare()
    expect(await run('plan')).toEqual({
      said: 'Plan: 1020 to create, 0 unchanged.',
      kafka: { Metadata: 1, CreateTopics: batches },
      registry: newSubjects,
    })
  })

  test('apply makes 1,000 new topics in batches, and waits for them with ever longer pauses', async () => {
    const { said, kafka: asked, registry: requests } = await run('apply --yes')
    expect(said).toBe('Applied: 1020 done.')
    expect(asked).toEqual({ Metadata: expect.any(Number), CreateTopics: 2 * batches })
    // as many looks as the half minute for which it waits may have
    expect((asked as { Metadata: number }).Metadata).toBeLessThanOrEqual(40)
    expect(requests).toEqual({
      ...newSubjects,
      'POST /subjects/SUBJECT/versions': subjectCount,
      'POST /subjects/SUBJECT': subjectCount,
    })
  })

  test('plan and apply without changes are two requests to Kafka, and change nothing', async () => {
    expect(await run('plan')).toEqual(noChanges)
    expect(await run('apply --yes')).toEqual(noChanges)
    expect(await run('topics plan')).toEqual({ ...noChanges, said: 'No changes: 1000 unchanged.', registry: {} })
    expect(await run('schemas plan')).toEqual({
      ...noChanges,
      said: 'No changes: 20 unchanged.',
      // the cluster is asked who it is
      kafka: { Metadata: 1 },
    })
  })

  test('ten changed configs are proven in one request and changed in another', async () => {
    await declare({ changed: 10 })
    const plan = await run('plan')
    expect(plan).toEqual({
      said: 'Plan: 10 to update, 1010 unchanged.',
      kafka: { ...noChanges.kafka, IncrementalAlterConfigs: 1 },
      registry: unchangedSubjects,
    })
    expect(await run('apply --yes')).toEqual({
      said: 'Applied: 10 done.',
      kafka: { ...noChanges.kafka, IncrementalAlterConfigs: 2 },
      registry: unchangedSubjects,
    })
  })

  test('ten more partitions are proven in one request and made in another', async () => {
    await declare({ changed: 10, grown: 10 })
    expect(await run('apply --yes')).toEqual({
      said: 'Applied: 10 done.',
      kafka: { ...noChanges.kafka, CreatePartitions: 2 },
      registry: unchangedSubjects,
    })
  })

  test('five changed schemas cost the registry three requests more each to prove, and two to register', async () => {
    await declare({ changed: 10, grown: 10, evolved: 5 })
    const { registry: requests, ...rest } = await run('apply --yes')
    expect(rest).toEqual({ said: 'Applied: 5 done.', kafka: noChanges.kafka })
    expect(requests).toEqual({
      ...unchangedSubjects,
      'GET /mode': 5,
      'GET /mode/SUBJECT': 5,
      'POST /compatibility/subjects/SUBJECT/versions': 5,
      'POST /subjects/SUBJECT/versions': 5,
      'POST /subjects/SUBJECT': subjectCount + 5,
    })
    expect(await run('plan')).toEqual(noChanges)
  })

  test('verify asks what a plan without changes asks, a list of topics once', async () => {
    expect(await run('verify')).toMatchObject({ kafka: noChanges.kafka, registry: unchangedSubjects })
    expect(await run('topics list')).toMatchObject({ kafka: { Metadata: 1 }, registry: {} })
  })
})
