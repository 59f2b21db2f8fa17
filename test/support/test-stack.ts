// A stack that `evplat up` starts for the tests of a file, with Java's tools beside it.
import { waitFor } from '../../src/core/deadline.ts'
import { needed } from './found.ts'
import { type KafkaShell, startKafkaShell, toolJars } from './kafka-shell.ts'
import { kcatIsMissing } from './kcat.ts'
import { missingForNative } from './native-runtime.ts'
import { type Platform, type PlatformOptions, newPlatform, removePlatforms } from './platforms.ts'

export interface TestStack {
  readonly folder: string
  readonly platform: Platform
  /** comma-separated addresses of the brokers */
  readonly bootstrap: string
  readonly registryUrl: string
  readonly java: KafkaShell
  restartBroker(): Promise<void>
  close(): Promise<void>
}

/** Why this machine can't run the tests against real Kafka, or undefined when it can. */
export function stackIsMissing(): string | undefined {
  return missingForNative() ?? kcatIsMissing()
}

/** What a stack runs on. */
export interface Ground extends Pick<PlatformOptions, 'runtime' | 'more' | 'project' | 'env'> {
  /** stops the broker in good order, where it is no process of this machine's */
  readonly stopBroker?: (platform: Platform) => Promise<void>
}

/** Starts a stack; `kafka` is what stands in `stack.kafka` of its platform.yaml. Everything of it is gone after `close`. */
export async function startStack(
  kafka: string,
  { stopBroker = endBroker, ...ground }: Ground = {},
): Promise<TestStack> {
  const platform = await newPlatform({ kafka, ...ground })
  const [java] = await Promise.all([startShell(kafka), platform.succeed('up')]).catch(async (thrown: unknown) => {
    await removePlatforms()
    throw thrown
  })
  const brokers = (await platform.record()).servers.filter(({ name }) => /^kafka(-\d)?$/.test(name))
  return {
    folder: platform.folder,
    platform,
    bootstrap: brokers.map(({ endpoint }) => endpoint).join(','),
    registryUrl: await platform.endpoint('schema-registry'),
    java,
    restartBroker: async () => {
      await stopBroker(platform)
      await platform.succeed('up')
    },
    close: async () => {
      await java.close()
      await removePlatforms()
    },
  }
}

async function startShell(kafka: string): Promise<KafkaShell> {
  return startKafkaShell(needed(await toolJars(kafka.includes('4.3') ? '4.3' : '3.9')))
}

async function endBroker(platform: Platform): Promise<void> {
  const pid = await platform.pidOf('kafka')
  process.kill(pid, 'SIGTERM')
  const isGone = await waitFor(() => Promise.resolve(isAlive(pid) ? undefined : true), { timeoutMs: 60_000 })
  if (!isGone) throw new Error('the broker does not stop')
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
