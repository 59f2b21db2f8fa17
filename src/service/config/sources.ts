// Where settings come from, those first that win: arguments, environment, `.env`, the files of profiles, application.yaml, the local
// stack, platform.yaml.
import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseEnv } from 'node:util'
import { readText } from '../../yaml/read-text.ts'
import { type Report, createReport } from '../../yaml/report.ts'
import type { DeclaredService } from '../definition.ts'
import { readArguments } from './argument-source.ts'
import { readValue, tell } from './bind.ts'
import { type Found, literal } from './found.ts'
import { keys } from './keys.ts'
import { foldersUp, readStackSource } from './stack-source.ts'
import { type Variables, readVariables } from './variable-source.ts'
import { readYamlSource } from './yaml-source.ts'

export interface SourcesInput {
  /** of the service's package */
  readonly folder: string
  readonly env: Variables
  readonly args: readonly string[]
  readonly service: DeclaredService
  /** topics that have keys by name */
  readonly topics: readonly string[]
}

export interface Sources {
  /** those first that win */
  readonly found: readonly Found[]
  /** what `${VAR}` in files stands for */
  readonly variables: Variables
  readonly profiles: readonly string[]
  /** a profile `prod` or `production`, or NODE_ENV=production: neither `.env` nor the local stack count then */
  readonly isProduction: boolean
}

/** Reads every source. What can't be read, and keys that there are not, are reported. */
export async function readSources(input: SourcesInput, report: Report): Promise<Sources> {
  const { folder, env, service } = input
  const args = readArguments(input.args, report)
  const base = await readYamlSource(folder, 'application', report)
  const dotEnvs = env['NODE_ENV'] === 'production' ? [] : await readDotEnvs(folder)
  const chosen = chosenProfiles([...args, ...variablesOf('environment', env)], dotEnvs, base, env)
  const { profiles, isProduction } = chosen
  const variables = merged(isProduction ? [] : dotEnvs, env)

  const ofProfiles: Found[] = []
  for (const profile of profiles.toReversed())
    ofProfiles.push(...withoutProfiles(await readYamlSource(folder, `application-${profile}`, report), report))
  const files = [...ofProfiles, ...base]
  const known = [
    ...[...args, ...files].map(({ name }) => name),
    ...input.topics.map((topic) => `producer.keys.${topic}`),
  ]
  const found = [
    ...args,
    ...readVariables({ source: 'environment', variables: env, known }),
    ...(isProduction ? [] : dotEnvs.flatMap((each) => readVariables({ ...each, known }))),
    ...files,
  ]
  const isPlaced = isProduction || found.some(({ name }) => name === 'kafka.bootstrapServers')
  if (!isPlaced) found.push(...(await readStackSource(folder)))
  return { found: [...found, ...declaredPort(service)], variables, profiles, isProduction }
}

/** The environment comes first, and the nearer `.env` before the other. */
const merged = (dotEnvs: readonly DotEnv[], env: Variables): Variables =>
  Object.assign({}, ...dotEnvs.map(({ variables }) => variables).toReversed(), env) as Variables

const variablesOf = (source: string, variables: Variables): Found[] => readVariables({ source, variables, known: [] })

interface DotEnv {
  readonly source: string
  readonly variables: Variables
}

/** `.env` of the service, then of the folder of platform.yaml or of the local stack above it. */
async function readDotEnvs(folder: string): Promise<DotEnv[]> {
  const isThere = (path: string): Promise<boolean> =>
    stat(path).then(
      () => true,
      () => false,
    )
  let platform: string | undefined
  for (const above of foldersUp(folder).slice(1))
    if ((await isThere(join(above, 'platform.yaml'))) || (await isThere(join(above, '.evplat', 'stack.json')))) {
      platform = above
      break
    }
  const found: DotEnv[] = []
  for (const each of platform === undefined ? [folder] : [folder, platform]) {
    const path = join(each, '.env')
    const reading = await readText(path, 1_000_000)
    if ('text' in reading) found.push({ source: relative(folder, path), variables: parseEnv(reading.text) })
  }
  return found
}

type Profiles = Pick<Sources, 'profiles' | 'isProduction'>

function chosenProfiles(
  outer: readonly Found[],
  dotEnvs: readonly DotEnv[],
  base: readonly Found[],
  env: Variables,
): Profiles {
  const variables = merged(dotEnvs, env)
  const ofDotEnvs = dotEnvs.flatMap(({ source, variables }) => variablesOf(source, variables))
  const winner = [...outer, ...ofDotEnvs, ...base].find(({ name }) => name === 'profiles.active')
  // the value is bound with all others again, and told there
  const value = winner && readValue(keys['profiles.active'], winner, { variables, report: createReport() })
  const profiles = (value ?? []) as readonly string[]
  const isProduction = env['NODE_ENV'] === 'production' || profiles.some((name) => /^prod(uction)?$/i.test(name))
  return { profiles: [...new Set(profiles)], isProduction }
}

/** A profile that names profiles would come too late. */
function withoutProfiles(found: readonly Found[], report: Report): Found[] {
  return found.filter((each) => {
    if (each.name !== 'profiles.active') return true
    const message = '"profiles.active" has no effect in the file of a profile'
    tell(report, each, { code: 'invalid-value', message, remedy: 'set it in application.yaml, or PROFILES_ACTIVE' })
    return false
  })
}

function declaredPort({ name, port }: DeclaredService): Found[] {
  const source = 'platform.yaml'
  if (port === undefined) return []
  return [{ name: 'server.port', raw: literal(String(port)), source, origin: `${source} (port of "${name}")` }]
}
