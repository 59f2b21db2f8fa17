// Kafka's own programs, many runs in one JVM (each start of one costs seconds), and Java's clients where bytes count.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import type { Found } from './found.ts'
import { classPathOf } from './maven.ts'

export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A record as Java's clients see it; times in milliseconds. */
export interface JavaRecord {
  readonly partition: number
  readonly offset: number
  readonly timestamp: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[]
}

export interface JavaNewRecord extends Partial<Pick<JavaRecord, 'partition' | 'timestamp' | 'headers'>> {
  readonly topic: string
  readonly key: Buffer | string | null
  readonly value: Buffer | string | null
}

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** Names of Kafka's programs that both lines of versions have. */
export const programs = {
  topics: 'org.apache.kafka.tools.TopicCommand',
  configs: 'kafka.admin.ConfigCommand',
  groups: 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  deleteRecords: 'org.apache.kafka.tools.DeleteRecordsCommand',
  consoleConsumer: 'org.apache.kafka.tools.consumer.ConsoleConsumer',
} as const

export interface KafkaShell {
  /** a program of Kafka by its main class, with its standard input */
  tool(main: string, args: readonly string[], input?: string): Promise<Answer>
  /** the same; what it prints. Throws when it fails */
  ask(main: string, args: readonly string[], input?: string): Promise<string>
  write(bootstrap: string, records: readonly JavaNewRecord[], codec?: Codec): Promise<void>
  read(bootstrap: string, topic: string, isolation?: 'read_committed' | 'read_uncommitted'): Promise<JavaRecord[]>
  /** writes within a transaction, which stays open until `end` */
  begin(bootstrap: string, id: string, records: readonly JavaNewRecord[]): Promise<void>
  end(id: string, how: 'commit' | 'abort'): Promise<void>
  close(): Promise<void>
}

const run = promisify(execFile)

export const toolVersions = { '3.9': '3.9.2', '4.3': '4.3.1' } as const

/** What Kafka's programs log by; without it they say on stderr that they have none, where a test of 3.9 reads complaints. */
const loggers = { '3.9': ['org.slf4j:slf4j-reload4j:1.7.36'], '4.3': [] } as const

/** The jars of Kafka's programs. */
export function toolJars(version: keyof typeof toolVersions = '3.9'): Promise<Found<string>> {
  const full = toolVersions[version]
  return classPathOf(`kafka-tools-${full}`, [
    `org.apache.kafka:kafka_2.13:${full}`,
    `org.apache.kafka:kafka-tools:${full}`,
    ...loggers[version],
  ])
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const hex = (bytes: Buffer | string | null): string => (bytes === null ? '-' : Buffer.from(bytes).toString('hex'))

function lineOf({ topic, partition, timestamp, key, value, headers = [] }: JavaNewRecord): string {
  const pairs = headers.map(([name, content]) => `${hex(name)}=${hex(content)}`)
  return [topic, partition ?? '-', timestamp ?? '-', hex(key), hex(value), ...pairs].join(' ')
}

const bytesOf = (text: string): Buffer | null => (text === '-' ? null : Buffer.from(text, 'hex'))

function recordOf(line: string): JavaRecord {
  const [partition, offset, timestamp, key, value, ...headers] = line.split(' ')
  return {
    partition: Number(partition),
    offset: Number(offset),
    timestamp: BigInt(timestamp!),
    key: bytesOf(key!),
    value: bytesOf(value!),
    headers: headers.map((pair) => {
      const [name, content] = pair.split('=')
      return [Buffer.from(name!, 'hex').toString(), bytesOf(content!)] as const
    }),
  }
}

/** Starts the JVM. Close it at the end: it ends with its input. */
export async function startKafkaShell(classPath: string): Promise<KafkaShell> {
  const classes = await mkdtemp(join(tmpdir(), 'evplat-shell-'))
  await run('javac', ['-d', classes, '-cp', classPath, 'test/java/KafkaShell.java'])
  const flags = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
  const java = spawn('java', [...flags, '-cp', [classes, classPath].join(delimiter), 'KafkaShell'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = []
  createInterface(java.stdout).on('line', (line) => waiting.shift()?.resolve(line))
  const ended = once(java, 'close').then(() => {
    for (const { reject } of waiting.splice(0)) reject(new Error('the JVM of the Kafka shell has ended'))
  })
  const tool = async (main: string, args: readonly string[], input = ''): Promise<Answer> => {
    const line = await new Promise<string>((resolve, reject) => {
      waiting.push({ resolve, reject })
      java.stdin.write(`${[input, main, ...args].map(base64).join(' ')}\n`)
    })
    const [code, stdout, stderr] = line.split(' ')
    const text = (encoded: string | undefined): string => Buffer.from(encoded ?? '', 'base64').toString()
    return { code: Number(code), stdout: text(stdout), stderr: text(stderr) }
  }
  const ask = async (main: string, args: readonly string[], input?: string): Promise<string> => {
    const { code, stdout, stderr } = await tool(main, args, input)
    if (code !== 0) throw new Error(`${main} ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`)
    return stdout
  }
  const lines = (records: readonly JavaNewRecord[]): string => records.map(lineOf).join('\n')
  return {
    tool,
    ask,
    write: async (bootstrap, records, codec = 'none') => void (await ask('write', [bootstrap, codec], lines(records))),
    read: async (bootstrap, topic, isolation = 'read_committed') =>
      (await ask('read', [bootstrap, topic, isolation])).split('\n').slice(0, -1).map(recordOf),
    begin: async (bootstrap, id, records) => void (await ask('begin', [bootstrap, id, 'none'], lines(records))),
    end: async (id, how) => void (await ask('end', [id, how])),
    close: async () => {
      java.stdin.end()
      await ended
      await rm(classes, { recursive: true, force: true })
    },
  }
}
