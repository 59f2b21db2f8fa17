// The questions of init; loaded on a terminal alone, because they bring inquirer. What a flag has answered is not asked.
import { input as askText, select } from '@inquirer/prompts'
import { EvplatError } from '../core/errors.ts'
import type { NativeStack, NewPlatform, NewStack } from '../scaffold/platform.ts'

/** What flags have said. */
export interface Answered {
  readonly name: string | undefined
  readonly runtime: string | undefined
  readonly kafka: string | undefined
  readonly coordination: string | undefined
  readonly brokers: string | undefined
  readonly ports: string | undefined
  readonly ci: string | undefined
}

export interface Asking {
  readonly answered: Answered
  /** the stack of the native runtime as the flags say it, for whoever chooses that runtime */
  readonly native: NativeStack
  readonly signal: AbortSignal
  /** what a name has to be, where this is none */
  readonly nameProblem: (name: string) => string | undefined
}

type Choose = <T>(flag: keyof Answered, message: string, choices: readonly Choice<T>[], given: T) => Promise<T>

interface Choice<T> {
  readonly value: T
  readonly name: string
}

async function ask(defaults: NewPlatform, { answered, native, nameProblem, signal }: Asking): Promise<NewPlatform> {
  const choose: Choose = (flag, message, choices, given) =>
    answered[flag] === undefined ? select({ message, choices, default: given }, { signal }) : Promise.resolve(given)
  const validate = (text: string): true | string => nameProblem(text) ?? true
  const name =
    answered.name === undefined
      ? await askText({ message: 'Name of the platform', default: defaults.name, validate }, { signal })
      : defaults.name
  // flags that only the native runtime has have chosen it
  const runtime =
    defaults.stack.runtime === 'native'
      ? 'native'
      : await choose<NewStack['runtime']>('runtime', 'Runtime', runtimes, 'embedded')
  const stack: NewStack = runtime === 'native' ? await askForNative(choose, native) : { runtime }
  const ports = await choose('ports', 'Ports', portKinds, defaults.ports)
  const ci = await choose('ci', 'CI', ciSystems, defaults.ci)
  return { name, stack, ports, ...(ci && { ci }) }
}

async function askForNative(choose: Choose, native: NativeStack): Promise<NativeStack> {
  const kafkaVersion = await choose('kafka', 'Kafka', kafkas, native.kafkaVersion)
  const coordination = kafkaVersion.startsWith('4')
    ? 'kraft'
    : await choose('coordination', 'Coordination', coordinations, native.coordination)
  const brokers = await choose('brokers', 'Brokers', brokerCounts, native.brokers)
  return { runtime: 'native', kafkaVersion, coordination, brokers }
}

const runtimes = [
  { value: 'embedded', name: 'embedded: a broker within Node' },
  { value: 'native', name: 'native: Apache Kafka on the Java of this machine' },
] as const
const kafkas = [
  { value: '3.9', name: '3.9' },
  { value: '4.3', name: '4.3 (without ZooKeeper)' },
]
const coordinations = [
  { value: 'zookeeper', name: 'ZooKeeper' },
  { value: 'kraft', name: 'KRaft' },
] as const
const brokerCounts = [
  { value: 1, name: '1' },
  { value: 3, name: '3' },
] as const
const portKinds = [
  { value: 'fixed', name: '9092 and 8081' },
  { value: 'auto', name: 'whichever are free' },
] as const
const ciSystems = [
  { value: undefined, name: 'none' },
  { value: 'github', name: 'GitHub' },
  { value: 'gitlab', name: 'GitLab' },
] as const

/** Asks for everything that no flag has answered. Throws `interrupted` on Ctrl-C. */
export async function askForPlatform(defaults: NewPlatform, asking: Asking): Promise<NewPlatform> {
  try {
    return await ask(defaults, asking)
  } catch (thrown) {
    if (thrown instanceof Error && /^(ExitPrompt|AbortPrompt|CancelPrompt)Error$/.test(thrown.name))
      throw new EvplatError('interrupted', 'not answered, nothing was written', { cause: thrown })
    throw thrown
  }
}
