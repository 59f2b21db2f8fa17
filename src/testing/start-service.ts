// A service in this process, on a broker and a registry of its own. Published as `evplat/testing`.
import { cwd } from 'node:process'
import { withResolvers } from '../core/with-resolvers.ts'
import { ownDriver } from '../kafka/driver/own-driver.ts'
import type { Placed } from '../kafka/driver/port.ts'
import type { ListenerFacts } from '../service/actuator/ports.ts'
import { systemClock, wait } from '../service/clock.ts'
import { configOf } from '../service/config/config-of.ts'
import { readSettings } from '../service/config/read-settings.ts'
import type { ServiceDefinition } from '../service/define-service.ts'
import type { KeyOf, SendOptions, Sent, SentOf, Topics, ValueOf } from '../service/definition.ts'
import { createLogs } from '../service/logging/create-logs.ts'
import { startService as start } from '../service/start/start-service.ts'
import { type Embedded, startEmbedded } from '../stack/embedded/start-embedded.ts'
import { handledCounts } from './handled.ts'
import { skippingClock } from './skipping-clock.ts'
import { openTools } from './tools.ts'

export interface TestOptions {
  /** of the service: where its application.yaml stands. The current folder unless given */
  readonly folder?: string
  /** settings that come before those of application.yaml, by their full names: `{ 'logging.level.ROOT': 'debug' }` */
  readonly settings?: Readonly<Record<string, string>>
  /** of each topic; 3 unless given */
  readonly partitions?: number
}

/** A record as a test wants to see it. */
export interface TestRecord<Key, Value> {
  readonly partition: number
  readonly offset: number
  readonly key: Key | null
  readonly value: Value
  readonly headers: ReadonlyMap<string, string>
}

export interface RawRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: ReadonlyMap<string, string>
}

export interface TestedService<T extends Topics> {
  /** where it answers, `http://127.0.0.1:PORT` */
  readonly url: string
  readonly embedded: Embedded
  /** what it has logged, a line each */
  readonly log: readonly string[]
  /** Sends an event as another service would. */
  send<Name extends string & keyof T>(
    topic: Name,
    event: SentOf<T[Name]>,
    options?: SendOptions<KeyOf<T[Name]>>,
  ): Promise<Sent>
  /** Writes bytes as they are: what no reader understands, too. */
  sendBytes(topic: string, record: BytesToSend): Promise<Placed>
  /** Resolves when the service is done with so many records of the topic (1) since it started, handled or put aside; throws after the time (10 s). */
  handled(topic: string, count?: number, options?: { readonly timeoutMs?: number }): Promise<void>
  /** The events of a topic: what the service has sent, and what was sent to it. */
  events<Name extends string & keyof T>(topic: Name): Promise<readonly TestRecord<KeyOf<T[Name]>, ValueOf<T[Name]>>[]>
  /** What it put aside of a topic that it listens to. */
  deadLetters(topic: string): Promise<readonly RawRecord[]>
  /** partition -> offset that its group has committed */
  committed(topic: string): Promise<ReadonlyMap<number, number>>
  /** Goes on from the beginning, the end or a time in a topic that it listens to: its handlers see again what is read again. */
  seek(topic: string, to: 'earliest' | 'latest' | Date): Promise<void>
  /** It is so many milliseconds later from now on: retries are due. */
  skip(ms: number): void
  /** Ends the service in order, then the broker and the registry. Throws where a step of the end failed. */
  stop(): Promise<void>
}

export interface BytesToSend {
  readonly key?: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: Readonly<Record<string, string>>
  readonly partition?: number
}

/**
 * Starts a broker, a registry and the service on free ports, with its topics and schemas in place, and waits until it is a member of its
 * group. Settings are those of its application.yaml, with the profile `test`; the environment is not looked at.
 */
export async function startService<T extends Topics, Config>(
  definition: ServiceDefinition<T, Config>,
  options: TestOptions = {},
): Promise<TestedService<T>> {
  const embedded = await startEmbedded()
  const closes: (() => unknown)[] = [() => embedded.close()]
  const closeAll = async (): Promise<void> => {
    for (const close of closes.splice(0).toReversed()) await close()
  }
  try {
    return await startOn(embedded, definition, { ...options, closes, closeAll })
  } catch (thrown) {
    await closeAll()
    throw thrown
  }
}

interface Closing {
  readonly closes: (() => unknown)[]
  closeAll(): Promise<void>
}

async function startOn<T extends Topics, Config>(
  embedded: Embedded,
  definition: ServiceDefinition<T, Config>,
  options: TestOptions & Closing,
): Promise<TestedService<T>> {
  const { service, topics } = definition
  const { settings, facts } = await readSettings({
    folder: options.folder ?? cwd(),
    env: {},
    args: argumentsOf(embedded, options.settings ?? {}),
    service,
    topics,
  })
  const log: string[] = []
  const counts = handledCounts()
  const clock = skippingClock()
  const joined = withResolvers()
  const tools = await openTools(embedded, {
    service,
    topics,
    partitions: options.partitions ?? 3,
    closes: options.closes,
  })
  const config = await configOf(definition.config, settings.app, facts)
  const running = await start(definition, config, {
    settings,
    facts,
    logs: createLogs({
      service: service.name,
      ...settings.logging,
      colour: false,
      write: (line) => void log.push(line),
    }),
    info: { name: service.name, version: '', node: '' },
    driver: ownDriver,
    clock,
    onListenerEvent: (event) => {
      counts.tell(event)
      if (event.kind === 'assigned') joined.resolve()
    },
  })
  options.closes.push(() => running.stop({ signal: 'the end of the test' }))
  if (Object.keys(definition.listeners ?? {}).length > 0) await within(joined.promise, log)
  return {
    url: running.url,
    embedded,
    log,
    ...tools,
    handled: (topic, count = 1, { timeoutMs = 10_000 } = {}) => counts.wait(topic, count, timeoutMs),
    seek: (topic, to) => seekIn(running.listeners, topic, to),
    skip: (ms) => clock.skip(ms),
    stop: async () => {
      const { unfinished } = await running.stop({ signal: 'the end of the test' })
      await options.closeAll()
      if (unfinished.length > 0) throw new Error(unfinished.map(({ step, why }) => `${step}: ${why}`).join('; '))
    },
  }
}

async function seekIn(listeners: ListenerFacts, topic: string, to: 'earliest' | 'latest' | Date): Promise<void> {
  const sought = await listeners.seek(topic, { to: to instanceof Date ? to.getTime() : to })
  if (!sought) throw new Error(`the service does not listen to "${topic}"`)
}

const joinWithinMs = 30_000

/** Throws with the last lines of the log where the service is no member of its group in time. */
async function within(joined: Promise<void>, log: readonly string[]): Promise<void> {
  const over = new AbortController()
  const late = wait(systemClock, joinWithinMs, over.signal).then(() => 'late' as const)
  const first = await Promise.race([joined, late])
  over.abort()
  if (first === 'late')
    throw new Error(`the service is no member of its group after ${joinWithinMs} ms:\n${log.slice(-20).join('')}`)
}

function argumentsOf({ bootstrap, registryUrl }: Embedded, settings: Readonly<Record<string, string>>): string[] {
  const all = {
    'profiles.active': 'test',
    'server.port': '0',
    'kafka.bootstrapServers': bootstrap,
    'schemaRegistry.url': registryUrl,
    ...settings,
  }
  return Object.entries(all).map(([name, value]) => `--${name}=${value}`)
}
