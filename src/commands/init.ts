// evplat init: a new platform, by questions on a terminal or by flags.
import { basename, relative, resolve } from 'node:path'
import { EvplatError } from '../core/errors.ts'
import { packageRoot } from '../core/package-root.ts'
import { version } from '../core/version.ts'
import {
  type ApacheStack,
  type CiSystem,
  type NewPlatform,
  type NewStack,
  platformFiles,
} from '../scaffold/platform.ts'
import { writeNew } from '../scaffold/write.ts'
import type { Context, Outcome } from './context.ts'

interface InitInput {
  readonly words: readonly string[]
  readonly name: string | undefined
  readonly runtime: NewStack['runtime'] | undefined
  readonly kafka: '3.9' | '4.3' | undefined
  readonly coordination: 'zookeeper' | 'kraft' | undefined
  readonly brokers: '1' | '3' | undefined
  readonly ports: 'fixed' | 'auto' | undefined
  readonly ci: CiSystem | undefined
  readonly yes: boolean
}

const namePattern = /^[a-z][a-z0-9-]{0,62}$/
const nameForm = 'small letters, digits and dashes, a letter first'

function checkName(name: string): string {
  if (namePattern.test(name)) return name
  throw new EvplatError('usage', `"${name}" is no name for a platform`, {
    hint: `${nameForm}: --name my-shop`,
  })
}

/** A name that the folder suggests, when it can be one. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
  return namePattern.test(name) ? name : 'platform'
}

const ofApache = ['kafka', 'coordination', 'brokers'] as const

/** What only Apache Kafka has asks for it, on the runtime that needs nothing but evplat and Java. */
function runtimeOf(input: InitInput): NewStack['runtime'] {
  const option = ofApache.find((name) => input[name] !== undefined)
  if (input.runtime === 'embedded' && option !== undefined)
    throw new EvplatError('usage', `the embedded runtime has no --${option}: it is one broker that speaks Kafka 3.9`, {
      hint: `leave --${option} out, or take --runtime docker or native`,
    })
  return input.runtime ?? (option === undefined ? 'embedded' : 'native')
}

/** What the flags say, with the default where they say nothing. Kafka 4 has no ZooKeeper. */
function apacheStack(input: InitInput, runtime: ApacheStack['runtime']): ApacheStack {
  const kafkaVersion = input.kafka ?? '3.9'
  const coordination = input.coordination ?? (kafkaVersion.startsWith('4') ? 'kraft' : 'zookeeper')
  if (kafkaVersion.startsWith('4') && coordination === 'zookeeper')
    throw new EvplatError('usage', `Kafka ${kafkaVersion} has no ZooKeeper`, {
      hint: 'leave --coordination out, or take --kafka 3.9',
    })
  return { runtime, kafkaVersion, coordination, brokers: input.brokers === '3' ? 3 : 1 }
}

function fromFlags(input: InitInput, folder: string): NewPlatform {
  const runtime = runtimeOf(input)
  return {
    name: checkName(input.name ?? nameOf(folder)),
    stack: runtime === 'embedded' ? { runtime } : apacheStack(input, runtime),
    ports: input.ports ?? 'fixed',
    ...(input.ci && { ci: input.ci }),
  }
}

async function describe(input: InitInput, folder: string, context: Context): Promise<NewPlatform> {
  const isAsking = !input.yes && context.isTerminal.stdin && context.isTerminal.stderr
  if (!isAsking) return fromFlags(input, folder)
  const { askForPlatform } = await import('./init-questions.ts')
  return askForPlatform(fromFlags(input, folder), {
    answered: input,
    apache: (runtime) => apacheStack(input, runtime),
    signal: context.signal,
    nameProblem: (name) => (namePattern.test(name) ? undefined : `${nameForm}, for example my-shop`),
  })
}

/** Writes a new platform into a folder (the present one when none is named) and says what to do next. */
export async function run(input: InitInput, context: Context): Promise<Outcome> {
  const folder = resolve(context.cwd, input.words[0] ?? '.')
  const platform = await describe(input, folder, context)
  const files = await platformFiles(platform, packageRoot(), version)
  await writeNew(folder, files)
  const shown = relative(context.cwd, folder)
  const paths = files.map((file) => file.path)
  const there = shown === '' ? '' : ` -C ${shown}`
  const next = `next: \`evplat up${there}\`, then \`evplat apply${there}\``
  return {
    value: { name: platform.name, folder, files: paths },
    text: () =>
      `platform ${platform.name} written to ${shown === '' ? 'this folder' : shown}\n${paths.map((path) => `  ${path}\n`).join('')}\n${next}\n`,
  }
}
