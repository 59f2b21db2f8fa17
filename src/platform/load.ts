// platform.yaml -> Platform: reads it with the files that it names, and tells everything that is wrong with them at once.
import { dirname, join, relative, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { didYouMean } from '../core/did-you-mean.ts'
import { EvplatError } from '../core/errors.ts'
import { type Finding, sortFindings } from '../core/finding.ts'
import {
  checkEnvironmentNames,
  environmentNames,
  localEnvironment,
  readEnvironment,
  reportSecrets,
} from './environments.ts'
import { failureTopics } from './failure-topics.ts'
import type { Variables } from '../yaml/interpolate.ts'
import type { Located } from './located.ts'
import type { Platform } from './platform.ts'
import { readPolicies } from './policies.ts'
import { readPlatformFile } from './platform-file.ts'
import { readText } from '../yaml/read-text.ts'
import { type Report, createReport } from '../yaml/report.ts'
import { readServices } from './services.ts'
import type { PlatformInput } from './shape.ts'
import { readStack, reportPortClashes, runsKafka4 } from './stack.ts'
import { readSubjects } from './subjects.ts'
import { type DefaultsSource, readTopicDefaults, readTopics, reportNameClashes } from './topics.ts'
import { nodeAt } from '../yaml/tree.ts'
import { validate } from './validate.ts'
import { fillVariables } from './variables.ts'

export interface LoadOptions {
  /** platform.yaml, absolute or relative to `cwd` */
  readonly file: string
  readonly cwd: string
  /** the environment that variables and defaults are taken for */
  readonly environment: string
  /** the process's variables; those of a file `.env` beside the platform come after them */
  readonly env: Variables
  /** taken for the content of the file, which is not read then: what an edit would make of it */
  readonly text?: string
}

export interface Loaded {
  /** there when no finding is an error */
  readonly platform?: Platform
  /** everything that is wrong, sorted by place */
  readonly findings: readonly Finding[]
}

/**
 * Loads platform.yaml for one environment, without any network. Problems of the file and of the files that it names are
 * findings. Throws an EvplatError where there is no file to read (`platform-missing`, `platform-unreadable`) or the
 * environment is not declared (`unknown-environment`).
 */
export async function loadPlatform(options: LoadOptions): Promise<Loaded> {
  const path = resolve(options.cwd, options.file)
  const report = createReport()
  const file = await readPlatformFile(path, relative(options.cwd, path), report, options.text)
  const platform = file && (await readPlatform(file, dirname(path), options, report))
  const findings = sortFindings(report.findings)
  const isSound = findings.every((finding) => finding.severity !== 'error')
  return { ...(platform && isSound && { platform }), findings }
}

type Loading = Pick<LoadOptions, 'cwd' | 'environment' | 'env'>

async function readPlatform(file: Located, folder: string, to: Loading, report: Report): Promise<Platform | undefined> {
  const environments = environmentNames(file)
  requireEnvironment(to.environment, environments, file)
  const variables = { ...(await readDotEnv(folder)), ...to.env }
  fillVariables(file, { environment: to.environment, variables, report })
  const input = validate(file, report)
  checkEnvironmentNames(file, report)
  reportSecrets(file, report)
  return input && build({ input, file, folder, environments, report, to })
}

function requireEnvironment(name: string, declared: readonly string[], { source, root }: Located): void {
  // what the file says under a key of another kind is told by validation
  const node = nodeAt(root, ['environments'])
  if (declared.includes(name) || (node && node.kind !== 'map')) return
  const guess = didYouMean(name, declared)
  throw new EvplatError('unknown-environment', `"${source.file}" declares no environment "${name}"`, {
    hint: `${guess === '' ? '' : `${guess} `}It declares ${declared.join(', ')}`.replace(/^It/, 'it'),
    details: { declared },
  })
}

async function readDotEnv(folder: string): Promise<Variables> {
  const reading = await readText(join(folder, '.env'), 1_000_000)
  if ('text' in reading) return parseEnv(reading.text)
  return {}
}

interface Build {
  readonly input: PlatformInput
  readonly file: Located
  readonly folder: string
  readonly environments: readonly string[]
  readonly report: Report
  readonly to: Loading
}

async function build({ input, file, folder, environments, report, to }: Build): Promise<Platform> {
  const { environment: name } = to
  const chosen = input.environments?.[name]
  const reader = { file, report, isKafka4: name === localEnvironment && runsKafka4(input.stack) }
  const defaultsOf = (environment: string): DefaultsSource => ({
    path: ['environments', environment, 'topicDefaults'],
    input: input.environments?.[environment]?.topicDefaults,
  })
  const defaults = readTopicDefaults(
    [{ path: ['topicDefaults'], input: input.topicDefaults }, defaultsOf(name)],
    reader,
  )
  // what the other environments say is checked, too
  readTopicDefaults(environments.filter((other) => other !== name).map(defaultsOf), { ...reader, isKafka4: false })
  const declared = readTopics(input.topics, defaults, reader)
  const services = readServices(input.services, file, report)
  const topics = [...declared, ...failureTopics(services, declared, file, report)]
  reportNameClashes(topics, report)
  const stack = readStack(input.stack, services, file, report)
  reportPortClashes(stack, services, file, report)
  const cluster = chosen && 'kafka' in chosen ? chosen : undefined
  return {
    name: input.name,
    file: file.source.file,
    folder,
    environment: await readEnvironment(name, cluster, { file, folder, report }),
    environments,
    stack,
    ownedPrefixes: input.owns?.prefixes ?? [],
    topics,
    subjects: await readSubjects(input, file, {
      folder,
      nameOf: (path) => relative(to.cwd, resolve(folder, path)),
      report,
    }),
    services,
    policies: readPolicies(input.policies, name, file, report),
  }
}
