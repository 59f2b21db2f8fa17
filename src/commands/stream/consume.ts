// evplat consume: records of a topic, as text on a terminal, as JSON lines in a pipe, or raw.
import { counted } from '../../core/counted.ts'
import { exitCode, type ExitCode } from '../../core/exit-codes.ts'
import { EvplatError } from '../../core/errors.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import { listOffsets } from '../../kafka/read/list-offsets.ts'
import { readTopic } from '../../kafka/read/read-topic.ts'
import { findLeaders } from '../../kafka/topic-partitions.ts'
import { createRegistryClient } from '../../registry/client.ts'
import { type Consumed, type ConsumeOptions, consume } from '../../stream/consume.ts'
import { OutputBuffer } from '../../stream/output-buffer.ts'
import { type OffsetsPort, rangesOf } from '../../stream/ranges.ts'
import {
  envelopeWriter,
  rawWriter,
  type RecordWriter,
  textWriter,
  type WriterOptions,
} from '../../stream/record-writers.ts'
import { SchemaCache } from '../../stream/schema-cache.ts'
import { parseStart } from '../../stream/start.ts'
import { withCluster } from '../connections.ts'
import type { Context } from '../context.ts'
import type { Addresses, TargetInput } from '../addresses.ts'
import { target } from '../target.ts'
import { declaredTopic, schemaSource, shownAs } from './formats.ts'

export interface ConsumeInput extends TargetInput {
  readonly words: readonly string[]
  readonly from: string | undefined
  readonly partition: readonly string[]
  readonly number: number | undefined
  readonly exit: boolean
  readonly group: string | undefined
  readonly avroJson: boolean
  readonly output: 'text' | 'json' | 'raw' | undefined
}

function parsePartitions(texts: readonly string[]): number[] {
  return texts
    .flatMap((text) => text.split(','))
    .map((text) => {
      if (!/^\d{1,7}$/.test(text)) throw new EvplatError('usage', `--partition takes partition numbers, not "${text}"`)
      return Number(text)
    })
}

function writerFor(input: ConsumeInput, options: WriterOptions, context: Context): RecordWriter {
  const output = input.output ?? (context.isTerminal.stdout ? 'text' : 'json')
  if (output === 'raw') return rawWriter(options)
  if (output === 'json') return envelopeWriter(options)
  // people read text: bytes that are text are shown as such
  const readable = (as: WriterOptions['key']): WriterOptions['key'] => (as === 'bytes' ? 'auto' : as)
  return textWriter({ ...options, key: readable(options.key), value: readable(options.value) }, context.outputStyle)
}

function offsetsPort(cluster: Cluster, topic: string, partitionCount: number): OffsetsPort {
  const query = (
    partitions: readonly number[],
    at: 'start' | 'end' | { timestamp: number },
  ): Promise<Map<number, number>> => listOffsets(cluster, { topic, partitions, at, readCommitted: true })
  return {
    partitionCount,
    starts: (partitions) => query(partitions, 'start'),
    ends: (partitions) => query(partitions, 'end'),
    at: (partitions, timestamp) => query(partitions, { timestamp }),
  }
}

async function withoutGroup(
  cluster: Cluster,
  input: ConsumeInput,
  context: Context,
  options: ConsumeOptions,
): Promise<Consumed> {
  const topic = input.words[0]!
  const start = parseStart(input.from ?? 'start', Date.now())
  const partitions = parsePartitions(input.partition)
  const { leaders } = await findLeaders(cluster, topic)
  const ranges = await rangesOf(offsetsPort(cluster, topic, leaders.length), { start, partitions, exit: input.exit })
  const source = readTopic(cluster, {
    topic,
    ranges,
    readCommitted: true,
    onTrouble: (message) => context.say(message),
  })
  return consume(source, options)
}

async function work(to: Addresses, input: ConsumeInput, context: Context, options: ConsumeOptions): Promise<Consumed> {
  return withCluster(to, context, async (cluster) => {
    const { group } = input
    if (group === undefined) return withoutGroup(cluster, input, context, options)
    const { consumeInGroup } = await import('./consume-group.ts')
    const onTrouble = (message: string): void => context.say(message)
    const read = { settings: to.cluster, group, topic: input.words[0]!, input, signal: context.signal, onTrouble }
    return consumeInGroup(cluster, read, options)
  })
}

/** Reads a topic until its pinned end (`--exit`), a number of records (`-n`), Ctrl-C, or until the reader of the pipe has gone. */
export async function run(input: ConsumeInput, context: Context): Promise<ExitCode> {
  const to = await target(input, context)
  const topic = declaredTopic(to.platform, input.words[0]!)
  const client = to.registry && createRegistryClient(to.registry, { signal: context.signal })
  const schemas = new SchemaCache(client && schemaSource(client), input.avroJson ? 'avro' : 'plain')
  const output = new OutputBuffer(context.stdout)
  const sides = { key: shownAs(topic, 'key'), value: shownAs(topic, 'value') }
  const writer = writerFor(input, { topic: input.words[0]!, output, schemas, ...sides }, context)
  const options = { writer, output, schemas, ...sides, ...(input.number !== undefined && { limit: input.number }) }
  try {
    const { undecodable, firstProblem } = await work(to, input, context, options)
    if (undecodable > 0)
      context.say(`${counted(undecodable, 'record')} could not be decoded, the first at ${firstProblem}`)
    return context.signal.aborted ? exitCode.interrupted : exitCode.ok
  } catch (thrown) {
    await output.flush()
    if (context.signal.aborted) return exitCode.interrupted
    throw thrown
  }
}
