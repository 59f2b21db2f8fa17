// The questions of init; loaded on a terminal alone, because they bring inquirer. What a flag has answered is not asked.
import { input as askText, select } from '@inquirer/prompts'
import { EvplatError } from '../core/errors.ts'
import type { NewPlatform } from '../scaffold/platform.ts'

interface Answered {
  readonly name: string | undefined
  readonly kafka: string | undefined
  readonly coordination: string | undefined
  readonly brokers: string | undefined
  readonly ports: string | undefined
  readonly ci: string | undefined
}

export interface Asking {
  readonly signal: AbortSignal
  /** what a name has to be, where this is none */
  readonly nameProblem: (name: string) => string | undefined
}

async function ask(defaults: NewPlatform, answered: Answered, asking: Asking): Promise<NewPlatform> {
  const context = { signal: asking.signal }
  const unlessAnswered = <T>(flag: keyof Answered, question: () => Promise<T>, given: T): Promise<T> =>
    answered[flag] === undefined ? question() : Promise.resolve(given)
  const choose = <T>(message: string, choices: readonly { value: T; name: string }[], first: T): Promise<T> =>
    select({ message, choices, default: first }, context)

  const askName = (): Promise<string> => {
    const validate = (text: string): true | string => asking.nameProblem(text) ?? true
    return askText({ message: 'Name of the platform', default: defaults.name, validate }, context)
  }
  const name = await unlessAnswered('name', askName, defaults.name)
  const kafkaVersion = await unlessAnswered(
    'kafka',
    () => choose('Kafka', kafkas, defaults.kafkaVersion),
    defaults.kafkaVersion,
  )
  const coordination = kafkaVersion.startsWith('4')
    ? 'kraft'
    : await unlessAnswered(
        'coordination',
        () => choose('Coordination', coordinations, defaults.coordination),
        defaults.coordination,
      )
  const brokers = await unlessAnswered(
    'brokers',
    () => choose('Brokers', brokerCounts, defaults.brokers),
    defaults.brokers,
  )
  const ports = await unlessAnswered('ports', () => choose('Ports', portKinds, defaults.ports), defaults.ports)
  const ci = await unlessAnswered('ci', () => choose('CI', ciSystems, defaults.ci), defaults.ci)
  return { name, kafkaVersion, coordination, brokers, ports, ...(ci && { ci }) }
}

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
export async function askForPlatform(defaults: NewPlatform, answered: Answered, asking: Asking): Promise<NewPlatform> {
  try {
    return await ask(defaults, answered, asking)
  } catch (thrown) {
    if (thrown instanceof Error && /^(ExitPrompt|AbortPrompt|CancelPrompt)Error$/.test(thrown.name))
      throw new EvplatError('interrupted', 'not answered, nothing was written', { cause: thrown })
    throw thrown
  }
}
