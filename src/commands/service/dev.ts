// evplat dev: the stack, what is declared, and every service under watch, in one log.
import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { execPath } from 'node:process'
import { EvplatError, systemCode } from '../../core/errors.ts'
import { type ExitCode, exitCode } from '../../core/exit-codes.ts'
import { lacksPackages } from '../../dev/missing-packages.ts'
import type { DevService } from '../../dev/fleet.ts'
import { runSession } from '../../dev/session.ts'
import { startCommand } from '../../dev/start-command.ts'
import type { Platform, Service } from '../../platform/platform.ts'
import { findLocalEndpoints } from '../../stack/endpoints.ts'
import { findingLines } from '../../core/finding-lines.ts'
import { logLineText } from '../../views/stack.ts'
import type { Context } from '../context.ts'
import { loadSoundPlatform } from '../platform-target.ts'
import { stackHere } from '../stack/stack-here.ts'
import { runEvplat, runNpm } from './run-programs.ts'

interface DevInput {
  readonly words: readonly string[]
  readonly file: string | undefined
}

/** Runs until Ctrl-C. A stack that it has started ends with it; one that ran before goes on. */
export async function run(input: DevInput, context: Context): Promise<ExitCode> {
  const { platform } = await loadSoundPlatform({ file: input.file, env: undefined }, context)
  for (const name of input.words)
    if (!platform.services.some((service) => service.name === name))
      throw new EvplatError('usage', `${platform.file} declares no service "${name}"`, {
        hint: `it declares ${platform.services.map((service) => service.name).join(', ') || 'none'}`,
      })
  const file = input.file === undefined ? [] : ['-f', input.file]
  const wasRunning = await isStackRunning(input.file, context)
  try {
    // where the servers are, its messages say; what it prints at the end names a next command that is run here
    if ((await runEvplat(['up', ...file], context, 'hidden')) !== 0) return exitCode.failed
    await watchServices(input, file, context)
  } finally {
    if (!wasRunning) await runEvplat(['down', ...file], { ...context, signal: new AbortController().signal })
  }
  return exitCode.interrupted
}

async function isStackRunning(file: string | undefined, context: Context): Promise<boolean> {
  const { place, runtime } = await stackHere(file, context)
  const { servers } = await runtime.readStatus(place)
  return servers.some(({ name, state }) => name.startsWith('kafka') && state === 'ready')
}

async function watchServices(input: DevInput, file: readonly string[], context: Context): Promise<void> {
  const { platform } = await loadSoundPlatform({ file: input.file, env: undefined }, context)
  const { folder } = platform
  const load = () => loadOrTell(input, context)
  const width = Math.max(...platform.services.map(({ name }) => name.length), 0)
  await runSession(
    {
      folder,
      prepare: async () =>
        (await runEvplat(['apply', '--yes', ...file], context)) === 0 &&
        (await runEvplat(['types', ...file], context, 'hidden')) === 0,
      services: async () => {
        const loaded = await load()
        return loaded && servicesOf(loaded, input.words, context)
      },
      schemaFolders: async () => schemaFoldersOf((await load()) ?? platform),
    },
    {
      line: (server, line) => context.stdout.write(logLineText({ server, line }, width, context.outputStyle)),
      say: (message) => context.say(message),
    },
    { signal: context.signal },
  )
}

/** platform.yaml as it is now; undefined where it has errors, which are told. */
async function loadOrTell(input: DevInput, context: Context): Promise<Platform | undefined> {
  try {
    return (await loadSoundPlatform({ file: input.file, env: undefined }, context)).platform
  } catch (thrown) {
    if (!(thrown instanceof EvplatError)) throw thrown
    context.say(thrown.message)
    for (const finding of thrown.parts.findings ?? [])
      context.say(findingLines(finding, context.messageStyle).join('\n'))
    return undefined
  }
}

/** The folders in which the schemas of the platform lie, absolute. */
function schemaFoldersOf({ folder, subjects }: Platform): string[] {
  return [...new Set(subjects.map(({ file }) => dirname(join(folder, file))))]
}

/** The declared services that have a folder, or those of them that are named; packages that they lack are installed. */
async function servicesOf(
  platform: Platform,
  names: readonly string[],
  context: Context,
): Promise<readonly DevService[] | undefined> {
  const asked = platform.services.filter(({ name }) => names.length === 0 || names.includes(name))
  const folders = asked.map(({ dir }) => join(platform.folder, dir))
  if ((await lacksPackages(platform.folder, folders)) && (await runNpm(['install'], platform.folder, context)) !== 0)
    return undefined
  const { bootstrap, registryUrl } = await findLocalEndpoints(platform.folder, platform.stack)
  const env = { ...context.env, KAFKA_BOOTSTRAP_SERVERS: bootstrap.join(','), SCHEMA_REGISTRY_URL: registryUrl }
  const found = await Promise.all(asked.map((service) => serviceOf(service, platform, { env, context })))
  return found.filter((service) => service !== undefined)
}

async function serviceOf(
  { name, dir, port }: Service,
  { folder }: Platform,
  { env, context }: { readonly env: DevService['env']; readonly context: Context },
): Promise<DevService | undefined> {
  const path = join(folder, dir, 'package.json')
  const shown = relative(context.cwd, path)
  try {
    const command = startCommand(await readFile(path, 'utf8'), shown, execPath)
    const own = port === undefined ? {} : { SERVER_PORT: String(port) }
    return { name, folder: join(folder, dir), command, env: { ...env, ...own } }
  } catch (thrown) {
    if (thrown instanceof EvplatError) context.say(`${name}: ${thrown.message}`)
    else if (systemCode(thrown) === 'ENOENT') context.say(`${name}: there is no ${shown}`)
    else throw thrown
    return undefined
  }
}
