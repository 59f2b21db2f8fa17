// What a scenario plays on: a running stack, the command line, and other people's tools that look at what it did.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Ran, type RunningEvplat, evplat, startEvplat } from '../support/evplat.ts'
import { type KafkaShell, programs } from '../support/kafka-shell.ts'
import { kcat } from '../support/kcat.ts'

/** A stack that runs; what it runs on is nobody's business here. */
export interface World {
  /** the folder of its platform.yaml; every scenario has files of its own in it */
  readonly folder: string
  readonly bootstrap: string
  readonly registryUrl: string
  readonly java: KafkaShell
  /** stops the broker in good order and starts it again; resolves when it answers */
  restartBroker(): Promise<void>
}

export interface Scenario {
  readonly name: string
  /** its platform's name; its topics begin with it */
  readonly slug: string
  readonly play: (stage: Stage) => Promise<void>
}

export interface Stage extends World {
  /** writes the platform file of this scenario: what comes after name and stack */
  declare(parts: string): Promise<void>
  write(path: string, text: string): Promise<void>
  /** runs a command on the platform of this scenario; the id of the cluster reads CLUSTER in what it prints */
  run(command: string, input?: string | Buffer): Promise<Ran>
  /** the same, for what has to succeed: what it prints */
  done(command: string, input?: string | Buffer): Promise<string>
  /** the same, for what prints JSON */
  json<T = unknown>(command: string): Promise<T>
  start(command: string): RunningEvplat
  /** a topic as Apache Kafka's own programs describe it; undefined where there is none */
  javaTopic(topic: string): Promise<JavaTopic | undefined>
  /** one of Kafka's own programs at the cluster: what it prints. Throws when it fails */
  kafka(program: keyof typeof programs, options: string): Promise<string>
  /** records by kcat, a JSON object each, in the order of partition and offset */
  kcatRecords(topic: string): Promise<KcatRecord[]>
  /** a request to the registry as any program makes it */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
}

export interface JavaTopic {
  readonly partitions: number
  readonly replication: number
  readonly configs: Readonly<Record<string, string>>
}

export interface KcatRecord {
  readonly partition: number
  readonly offset: number
  readonly ts: number
  readonly key: string | null
  readonly payload: string | null
  readonly headers?: readonly string[]
}

/** What is said of a broker that is away for a moment, and nothing else. */
export const passingTrouble = /^(?:.*; trying again\n)*$/

/** The words of a command line; single quotes keep spaces. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
}

/** A topic by TopicCommand, and the configs that ConfigCommand says are set on it: TopicCommand shows more, from broker to broker. */
async function describe({ kafka }: Pick<Stage, 'kafka'>, topic: string): Promise<JavaTopic | undefined> {
  const described = await kafka('topics', `--describe --topic ${topic}`).catch(String)
  const head = /PartitionCount: (\d+)\s+ReplicationFactor: (\d+)/.exec(described)
  if (!head) return undefined
  const configs = await kafka('configs', `--describe --entity-type topics --entity-name ${topic}`)
  const set = configs.matchAll(/^ {2}(\S+?)=(.*) sensitive=\w+ synonyms=\{DYNAMIC_TOPIC_CONFIG:/gm)
  return {
    partitions: Number(head[1]),
    replication: Number(head[2]),
    configs: Object.fromEntries([...set].map(([, key, value]) => [key, value])),
  }
}

/** Sets the stage of one scenario; `slug` names its file. */
export function setStage(world: World, slug: string): Stage {
  const file = `${slug}.yaml`
  const { folder, bootstrap, java } = world
  const args = (command: string): string[] => [...wordsOf(command), '-C', folder]
  const withFile = (command: string): string[] =>
    /^(completion|init|status)\b|--bootstrap| -f /.test(command) ? args(command) : [...args(command), '-f', file]
  const run = async (command: string, input?: string | Buffer): Promise<Ran> => {
    const ran = await evplat(withFile(command), input === undefined ? {} : { input })
    return { ...ran, stdout: ran.stdout.replaceAll(/\(cluster [\w-]{22}\)/g, '(cluster CLUSTER)') }
  }
  const done = async (command: string, input?: string | Buffer): Promise<string> => {
    const { code, stdout, stderr } = await run(command, input)
    if (code !== 0) throw new Error(`evplat ${command} ended with ${code}:\n${stdout}${stderr}`)
    return stdout
  }
  const kafka: Stage['kafka'] = (program, options) =>
    java.ask(programs[program], ['--bootstrap-server', bootstrap, ...wordsOf(options)])
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return {
    ...world,
    declare: (parts) =>
      write(file, `apiVersion: evplat/v1\nname: ${slug}\nstack: { runtime: native, ports: auto }\n${parts}`),
    write,
    run,
    done,
    json: async <T>(command: string) => JSON.parse((await run(`${command} -o json`)).stdout) as T,
    start: (command) => startEvplat(withFile(command)),
    kafka,
    javaTopic: (topic) => describe({ kafka }, topic),
    kcatRecords: (topic) => kcatRecords(bootstrap, topic),
    ask: async (method, path, body) => {
      const response = await fetch(`${world.registryUrl}${path}`, {
        method,
        headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      })
      return { status: response.status, body: await response.json() }
    },
  }
}

async function kcatRecords(bootstrap: string, topic: string): Promise<KcatRecord[]> {
  const lines = (await kcat(['-b', bootstrap, '-C', '-t', topic, '-e', '-q', '-J'])).toString().split('\n').slice(0, -1)
  const records = lines.map((line) => JSON.parse(line) as KcatRecord)
  return records.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset)
}
