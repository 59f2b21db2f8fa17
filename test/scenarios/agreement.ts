// What plan passes, apply does; what plan blocks, nobody could do. Apache Kafka's own programs try the same, setting by setting:
// versions of Kafka differ in what they take.
import { expect } from 'vitest'
import type { Scenario, Stage } from './stage.ts'

type Config = Readonly<Record<string, string>>

/** Settings that pass every offline check, at the borders of what brokers take; no value is a default. */
const settings: readonly Config[] = [
  { 'retention.ms': '-1', 'retention.bytes': '-5' },
  { 'segment.bytes': '14', 'index.interval.bytes': '0' },
  { 'segment.bytes': '1048576', 'segment.jitter.ms': '1' },
  { 'message.format.version': '2.8' },
  { 'message.downconversion.enable': 'false' },
  { 'message.timestamp.difference.max.ms': '5' },
  { 'message.timestamp.after.max.ms': '0', 'message.timestamp.type': 'LogAppendTime' },
  { 'remote.storage.enable': 'true' },
  { 'remote.log.copy.disable': 'true' },
  { 'local.retention.ms': '1000', 'retention.ms': '500' },
  { 'min.cleanable.dirty.ratio': '1.0', 'cleanup.policy': 'compact' },
  { 'compression.type': 'zstd', 'compression.zstd.level': '22' },
  { 'compression.gzip.level': '9', 'compression.lz4.level': '17' },
  { 'follower.replication.throttled.replicas': '*', 'leader.replication.throttled.replicas': '0:1' },
  { 'follower.replication.throttled.replicas': 'first' },
  { 'min.insync.replicas': '5', 'max.message.bytes': '0', 'flush.messages': '1' },
  { 'confluent.tier.enable': 'true' },
]

interface PlannedTopic {
  readonly name: string
  readonly blocked?: { readonly code: string; readonly message: string }
}

const listText = (config: Config): string =>
  Object.entries(config)
    .map(([key, value]) => `${key}: "${value}"`)
    .join(', ')

/** A refusal may name the topic: Java's program tries it on another one. */
const withoutName = (text: string): string => text.replaceAll(/agree\.\w+/g, 'TOPIC')

/** Declares a topic for each setting; `hasConfig`: as it is to be, else without. */
function declareAll(stage: Stage, prefix: string, included: readonly number[], hasConfig: boolean): Promise<void> {
  const lines = included.map((i) => `  ${prefix}${i}: { config: { ${hasConfig ? listText(settings[i]!) : ''} } }\n`)
  return stage.declare(`topics:\n${lines.join('')}`)
}

/** Plans every setting, lets Java try each, applies what is not blocked, and looks at the result. */
async function compare(
  stage: Stage,
  prefix: string,
  tryByJava: (i: number, config: Config) => Promise<string>,
): Promise<readonly number[]> {
  const all = settings.map((_, i) => i)
  await declareAll(stage, prefix, all, true)
  const { changes } = await stage.json<{ changes: PlannedTopic[] }>('topics plan')
  expect(changes.map(({ name }) => name)).toEqual(all.map((i) => `${prefix}${i}`))
  const verdicts = new Map<number, string | undefined>()
  for (const i of all) {
    const said = await tryByJava(i, settings[i]!).then(
      () => undefined,
      (thrown: unknown) => String(thrown),
    )
    verdicts.set(i, said)
    const { blocked } = changes[i]!
    expect([settings[i], blocked?.code]).toEqual([settings[i], said === undefined ? undefined : 'broker-refused'])
    if (said !== undefined) expect(withoutName(said)).toContain(withoutName(blocked!.message))
  }
  const possible = all.filter((i) => verdicts.get(i) === undefined)
  await declareAll(stage, prefix, possible, true)
  expect(await stage.done('topics apply --yes')).toMatch(new RegExp(`\nApplied: ${possible.length} done\\.\n$`))
  expect((await stage.run('topics plan --detailed-exitcode')).code).toBe(0)
  for (const i of possible) expect((await stage.javaTopic(`${prefix}${i}`))?.configs).toEqual(settings[i])
  const names = possible.map((i) => `${prefix}${i}`)
  await stage.done(`topics delete ${names.join(' ')} --yes`)
  return all.filter((i) => !possible.includes(i))
}

const agreement: Scenario = {
  name: "what plan passes, apply does; what plan blocks, Kafka's own programs are refused, too, in the same words",
  slug: 'agree',
  play: async (stage) => {
    const pairs = (config: Config): string[] => Object.entries(config).map(([key, value]) => `${key}=${value}`)
    const refused = await compare(stage, 'agree.new', (i, config) => {
      const options = pairs(config).map((pair) => `--config ${pair}`)
      return stage.kafka('topics', `--create --topic agree.java${i} --partitions 1 ${options.join(' ')}`)
    })
    expect(refused).not.toEqual([])
    await declareAll(
      stage,
      'agree.old',
      settings.map((_, i) => i),
      false,
    )
    await stage.done('topics apply --yes')
    await stage.kafka('topics', '--create --topic agree.probe --partitions 1')
    await compare(stage, 'agree.old', (_, config) =>
      stage.kafka(
        'configs',
        `--alter --entity-type topics --entity-name agree.probe --add-config ${pairs(config).join(',')}`,
      ),
    )
  },
}

export const agreementScenarios: readonly Scenario[] = [agreement]
