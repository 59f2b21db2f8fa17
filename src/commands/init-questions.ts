// The questions of init; loaded on a terminal alone, because they bring inquirer. What a flag has answered is not asked.
import { input as askText, select } from '@inquirer/prompts'
import { EvplatError } from '../core/errors.ts'
import type { ApacheStack, NewPlatform, NewStack } from '../scaffold/platform.ts'

/** What flags have said. */
export interface Answered {
  readonly name: string | undefined
  readonly runtime: string | undefined
  readonly kafka: string | undefined
  readonly coordination: string | undefined
  readonly brokers: string | undefined
  readonly ports: string | undefined
  readonly ci: string | undefined
  /** true for --bare, and for --evplat, which says which ones services take */
  readonly services: true | undefined
}

export interface Asking {
  readonly answered: Answered
  /** the stack of Apache Kafka as the flags say it, for whoever chooses a runtime that has it */
  readonly apache: (runtime: ApacheStack['runtime']) => ApacheStack
  readonly signal: AbortSignal
  /** what a name has to be, where this is none */
  readonly nameProblem: (name: string) => string | undefined
}

type Choose = <T>(flag: keyof Answered, message: string, choices: readonly Choice<T>[], given: T) => Promise<T>

interface Choice<T> {
  readonly value: T
  readonly name: string
}

async function ask(defaults: NewPlatform, { answered, apache, nameProblem, signal }: Asking): Promise<NewPlatform> {
  const choose: Choose = (flag, message, choices, given) =>
    answered[flag] === undefined ? select({ message, choices, default: given }, { signal }) : Promise.resolve(given)
  const validate = (text: string): true | string => nameProblem(text) ?? true
  const name =
    answered.name === undefined
      ? await askText({ message: 'Name of the platform', default: defaults.name, validate }, { signal })
      : defaults.name
  // flags that only Apache Kafka has leave two runtimes to choose from
  const isApache = defaults.stack.runtime !== 'embedded'
  const choices = isApache ? runtimes.filter(({ value }) => value !== 'embedded') : runtimes
  const runtime = await choose<NewStack['runtime']>('runtime', 'Runtime', choices, defaults.stack.runtime)
  const stack: NewStack = runtime === 'embedded' ? { runtime } : await askForApache(choose, apache(runtime))
  const ports = await choose('ports', 'Ports', portKinds, defaults.ports)
  const services = await choose('services', 'Services', serviceKinds, defaults.services)
  const ci = await choose('ci', 'CI', ciSystems, defaults.ci)
  return { name, stack, ports, services, ...(ci && { ci }) }
}

async function askForApache(choose: Choose, given: ApacheStack): Promise<ApacheStack> {
  const kafkaVersion = await choose('kafka', 'Kafka', kafkas, given.kafkaVersion)
  const coordination = kafkaVersion.startsWith('4')
    ? 'kraft'
    : await choose('coordination', 'Coordination', coordinations, given.coordination)
  const brokers = await choose('brokers', 'Brokers', brokerCounts, given.brokers)
  return { runtime: given.runtime, kafkaVersion, coordination, brokers }
}

const runtimes = [
  { value: 'embedded', name: 'embedded: a broker within Node' },
  { value: 'docker', name: 'docker: Apache Kafka in containers' },
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
const serviceKinds = [
  { value: true, name: 'one that produces, one that listens' },
  { value: false, name: 'none: topics and schemas alone' },
]
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
