// evplat produce: lines of input as records of a topic.
import { counted } from '../../core/counted.ts'
import { EvplatError } from '../../core/errors.ts'
import { exitCode, type ExitCode } from '../../core/exit-codes.ts'
import { Producer } from '../../kafka/write/producer.ts'
import { createRegistryClient } from '../../registry/client.ts'
import type { RegistryClient } from '../../registry/registry.ts'
import type { JsonForm } from '../../stream/schema-cache.ts'
import { linesOf } from '../../stream/lines.ts'
import { produce } from '../../stream/produce.ts'
import { withCluster } from '../connections.ts'
import type { Context, Outcome } from '../context.ts'
import type { TargetInput } from '../addresses.ts'
import { target } from '../target.ts'
import { declaredTopic, writingSchema } from './formats.ts'
import { exampleText } from './example.ts'
import { type RecordOptions, readerFor, tombstone } from './record-options.ts'

export interface ProduceInput extends TargetInput, RecordOptions {
  readonly words: readonly string[]
  readonly tombstone: boolean
  readonly example: boolean
  readonly avroJson: boolean
}

/** What a person at a terminal has to know before typing. */
async function typingHelp({ input, platform, client }: Setting): Promise<string> {
  const topic = input.words[0]!
  const hasSchema = (await writingSchema({ platform, topic, client }, 'value')) !== undefined
  const isJson = hasSchema || declaredTopic(platform, topic)?.value.kind === 'json'
  const what = input.input === 'json' ? 'a record as JSON' : isJson ? 'a value as JSON' : 'a value'
  const example = hasSchema ? `; \`evplat produce ${topic} --example\` shows one` : ''
  return `type ${what} per line${example}; Ctrl-D ends`
}

function outcome(topic: string, records: number): Outcome {
  return {
    value: { topic, records },
    text: () => `${counted(records, 'record')} written to ${topic}\n`,
  }
}

/** Where a value has to fit a schema, one that does is the best advice. */
async function exampleHint({ input, platform, client }: Setting): Promise<{ hint?: string }> {
  const topic = input.words[0]!
  const schema = await writingSchema({ platform, topic, client }, 'value').catch(() => undefined)
  return schema ? { hint: `\`evplat produce ${topic} --example\` shows a valid value` } : {}
}

/** What was acknowledged before the error stays: say how much. */
async function withAcknowledged(thrown: unknown, records: number, setting: Setting): Promise<unknown> {
  if (!(thrown instanceof EvplatError)) return thrown
  const count = records === 0 ? 'no record was' : records === 1 ? '1 record was' : `${records} records were`
  return new EvplatError(thrown.code, `${thrown.message}; ${count} acknowledged before`, {
    ...(thrown.code === 'bad-input' && (await exampleHint(setting))),
    ...thrown.parts,
    details: { ...thrown.parts.details, acknowledged: records },
  })
}

interface Setting {
  readonly input: ProduceInput
  readonly context: Context
  readonly platform: Awaited<ReturnType<typeof target>>['platform']
  readonly client: RegistryClient | undefined
}

async function writeAll(producer: Producer, setting: Setting): Promise<void> {
  const { input, context, platform, client } = setting
  const topic = input.words[0]!
  const form: JsonForm = input.avroJson ? 'avro' : 'plain'
  const read = await readerFor(input, { platform, topic, client }, form)
  const options = { sink: producer, read, signal: context.signal, now: () => Date.now() }
  if (input.tombstone) return produce(tombstone(), { ...options, read: () => read(null) })
  if (context.isTerminal.stdin) context.say(await typingHelp(setting))
  if (context.signal.aborted) return
  const stop = (): void => void context.stdin.destroy()
  context.signal.addEventListener('abort', stop, { once: true })
  await produce(linesOf(context.stdin), options)
}

/** Writes every line of stdin as a record; resolves when the cluster has acknowledged all of them. */
export async function run(input: ProduceInput, context: Context): Promise<Outcome | ExitCode> {
  const topic = input.words[0]!
  const to = await target(input, context)
  const client = to.registry && createRegistryClient(to.registry)
  const setting = { input, context, platform: to.platform, client }
  if (input.example) return exampleText(setting.platform, topic, client)
  if (to.platform && !declaredTopic(to.platform, topic))
    context.say(`topic "${topic}" is not declared in platform.yaml`)
  // Ctrl-C ends the reading; what was read is still written, so from then on the connections stay open
  const opening = new AbortController()
  const giveUp = (): void => opening.abort(context.signal.reason)
  context.signal.addEventListener('abort', giveUp, { once: true })
  if (context.signal.aborted) giveUp()
  return withCluster(to, { ...context, signal: opening.signal }, async (cluster) => {
    const producer = await Producer.open(cluster, topic, (message) => context.say(message))
    context.signal.removeEventListener('abort', giveUp)
    try {
      await writeAll(producer, setting)
    } catch (thrown) {
      throw await withAcknowledged(thrown, producer.acknowledged, setting)
    }
    if (!context.signal.aborted) return outcome(topic, producer.acknowledged)
    context.say(`stopped; ${counted(producer.acknowledged, 'record')} written to ${topic}`)
    return exitCode.interrupted
  })
}
