// evplat init: a new platform, by questions on a terminal or by flags.
import { basename, relative, resolve } from 'node:path'
import { EvplatError } from '../core/errors.ts'
import { packageRoot } from '../core/package-root.ts'
import { version } from '../core/version.ts'
import { loadPlatform } from '../platform/load.ts'
import { rememberFiles } from '../scaffold/ownership.ts'
import {
  type ApacheStack,
  type CiSystem,
  type NewPlatform,
  type NewStack,
  platformFiles,
} from '../scaffold/platform.ts'
import { writeNew } from '../scaffold/write.ts'
import { versionOf } from '../scaffold/workspace.ts'
import type { Context, Outcome } from './context.ts'
import { generatedOf, writeStale } from './generated-files.ts'

interface InitInput {
  readonly words: readonly string[]
  readonly name: string | undefined
  readonly runtime: NewStack['runtime'] | undefined
  readonly kafka: '3.9' | '4.3' | undefined
  readonly coordination: 'zookeeper' | 'kraft' | undefined
  readonly brokers: '1' | '3' | undefined
  readonly ports: 'fixed' | 'auto' | undefined
  readonly ci: CiSystem | undefined
  readonly bare: boolean
  readonly evplat: string | undefined
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
    services: !input.bare,
    ...(input.ci && { ci: input.ci }),
  }
}

async function describe(input: InitInput, folder: string, context: Context): Promise<NewPlatform> {
  const isAsking = !input.yes && context.isTerminal.stdin && context.isTerminal.stderr
  if (!isAsking) return fromFlags(input, folder)
  const { askForPlatform } = await import('./init-questions.ts')
  return askForPlatform(fromFlags(input, folder), {
    answered: { ...input, services: input.bare || input.evplat !== undefined ? true : undefined },
    apache: (runtime) => apacheStack(input, runtime),
    signal: context.signal,
    nameProblem: (name) => (namePattern.test(name) ? undefined : `${nameForm}, for example my-shop`),
  })
}

/** Writes a new platform into a folder (the present one when none is named) and says what to do next. */
export async function run(input: InitInput, context: Context): Promise<Outcome> {
  const folder = resolve(context.cwd, input.words[0] ?? '.')
  const published = checkVersion(input)
  const platform = await describe(input, folder, context)
  const files = await platformFiles(platform, { root: packageRoot(), version, published })
  const generated: string[] = []
  await writeNew(folder, files, async () => {
    generated.push(...(await writeTypes(folder, context)))
    await rememberFiles(folder, files, version)
  })
  const shown = relative(context.cwd, folder)
  const paths = [...files.map((file) => file.path), ...generated].toSorted()
  const there = shown === '' ? '' : ` -C ${shown}`
  const next = platform.services
    ? `next: \`evplat dev${there}\``
    : `next: \`evplat up${there}\`, then \`evplat apply${there}\``
  return {
    value: { name: platform.name, folder, files: paths },
    text: () =>
      `platform ${platform.name} written to ${shown === '' ? 'this folder' : shown}\n${shownPaths(paths)
        .map((path) => `  ${path}\n`)
        .join('')}\n${next}\n`,
  }
}

/** Files one by one, but of a service and of `vendor` the folder alone. */
function shownPaths(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => /^(services\/[^/]+\/|vendor\/)/.exec(path)?.[0] ?? path))]
}

function checkVersion({ bare, evplat }: InitInput): string | undefined {
  if (evplat === undefined) return undefined
  if (bare)
    throw new EvplatError('usage', 'a platform without services asks for no version of evplat', {
      hint: 'leave --evplat out, or --bare',
    })
  return versionOf(evplat)
}

/** What `evplat types` writes for the services; its paths. */
async function writeTypes(folder: string, { env }: Context): Promise<string[]> {
  const { platform, findings } = await loadPlatform({ file: 'platform.yaml', cwd: folder, environment: 'local', env })
  if (!platform) throw new EvplatError('platform-invalid', 'the new platform.yaml has errors', { findings })
  const files = (await Promise.all(platform.services.map((service) => generatedOf(service, platform)))).flat()
  await writeStale(platform, files)
  return files.map(({ path }) => path)
}
